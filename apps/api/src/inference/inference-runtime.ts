import { join } from 'node:path';
import type { Batching, CropRule, ExecutionProvider } from '#face';
import {
  chooseProvider,
  type EmbedderEntry,
  type EmbedderPrecision,
  hasFastInt8,
  InferencePool,
  type ModelSet,
  openModels,
  type ProviderDecision,
  SLOTS,
} from '#inference';
import type { Settings } from '../config/settings.js';
import { openCalibration } from './calibration.js';
import { ScoreMeaning } from './score-meaning.js';

/** The running pool and its configuration. */
export interface InferenceRuntime {
  readonly pool: InferencePool;
  readonly models: ModelSet;
  readonly executionProvider: ExecutionProvider;
  /** How a face is cropped. */
  readonly cropRule: CropRule;
  /** What a similarity means: thresholds, and rates if there is a calibration. */
  readonly scores: ScoreMeaning;
  /** Why an apparently available GPU is not used. */
  readonly fallbackReason?: string;
}

const START_TIMEOUT_MS = 60_000;

/** The smallest model, used to probe a GPU. */
const PROBE_MODEL = 'pnet.onnx';

/** Batch size in faces on a GPU. */
const GPU_BATCH = 16;

/** The slots that a comparison of two photographs takes at the same time. */
const COMPARISON_SLOTS = 2 * SLOTS.analyse;

/** The same where every face of the second one is compared, as other products do (COMPATIBILITY). */
const ALL_FACES_SLOTS = SLOTS.analyse + SLOTS.embed;

/** A worker busy with one photograph for this many deadlines is considered stuck. */
const STUCK_AFTER_DEADLINES = 3;

/** But never before this, in milliseconds, however short the deadline: a large photograph takes time. */
const NEVER_STUCK_MS = 30_000;

/**
 * Decides where the models run, once, before any process loads them.
 *
 * @throws Error with one line, if the requested provider is not available
 */
export function chooseExecutionProvider({ executionProvider: wanted, modelsDir }: Settings): Promise<ProviderDecision> {
  return chooseProvider({ wanted, probeModel: join(modelsDir, PROBE_MODEL) });
}

/**
 * Checks the models and starts the pool with them.
 *
 * @param onError called for failures in the pool that no request is waiting on
 * @throws Error with one line saying what is missing or wrong
 */
export async function startInference(
  settings: Settings,
  { provider: executionProvider, fallbackReason }: ProviderDecision,
  onError: (error: Error) => void,
): Promise<InferenceRuntime> {
  const batching = chooseBatching(settings, executionProvider);
  const workers = workersOn(executionProvider, settings);
  checkCapacity(workers, batching.maxItems, settings);
  const models = await openModels(settings.modelsDir, {
    detectors: settings.detectors,
    weights: settings.embedderWeights,
    precisions: acceptablePrecisions(settings, executionProvider),
  });
  const cropRule = cropRuleFor(settings, models.embedder);
  const scores = new ScoreMeaning(
    settings,
    models.embedder.threshold,
    await openCalibration(settings, models.embedder, cropRule),
  );
  const pool = await InferencePool.start({
    workers,
    tasksPerWorker: batching.maxItems,
    maxQueue: settings.maxQueue,
    startTimeoutMs: START_TIMEOUT_MS,
    onError,
    stuckAfterMs: Math.max(NEVER_STUCK_MS, STUCK_AFTER_DEADLINES * settings.requestTimeoutMs),
    workerOptions: {
      models: models.models,
      detectors: settings.detectors,
      runtime: { executionProvider, intraOpThreads: settings.intraOpThreads, batching },
      crop: { rule: cropRule, margins: settings.cropMargins },
      maxPixels: settings.maxImagePixels,
    },
  });
  return {
    pool,
    models,
    executionProvider,
    cropRule,
    scores,
    ...(fallbackReason !== undefined && { fallbackReason }),
  };
}

/**
 * A service with fewer slots than a comparison has photographs would reject every request. The number of photographs in
 * progress is known only here: on a GPU, the number of workers differs and each takes several.
 */
function checkCapacity(workers: number, photographsEach: number, settings: Settings): void {
  const { maxQueue, processes, compatibility } = settings;
  const capacity = workers * photographsEach + maxQueue;
  if (capacity >= COMPARISON_SLOTS && compatibility.length === 0) return;
  if (capacity >= ALL_FACES_SLOTS) return;
  const inEach = typeof processes === 'number' && processes > 1 ? ` in one of ${processes} processes` : '';
  const work =
    capacity < COMPARISON_SLOTS ? 'the two photographs of a comparison' : 'a comparison as COMPATIBILITY has it';
  throw new Error(
    `Bad settings: WORKERS=${workers} and MAX_QUEUE=${maxQueue}${inEach} leave no room for ${work}; one of them must be higher`,
  );
}

/** The number of workers on a provider. */
export const workersOn = (provider: ExecutionProvider, { workers, gpuWorkers }: Settings): number =>
  provider === 'cpu' ? workers : gpuWorkers;

/** The requested crop rule; otherwise that of the weights. */
export const cropRuleFor = ({ cropRule }: Settings, embedder: EmbedderEntry): CropRule =>
  cropRule === 'auto' ? embedder.crop_rule : cropRule;

/**
 * The requested precision; otherwise the fastest, or float32 if the int8 model is missing. GPUs have no fast path for
 * this kind of int8 model.
 */
export function acceptablePrecisions(
  { embedderPrecision }: Settings,
  executionProvider: ExecutionProvider = 'cpu',
): EmbedderPrecision[] {
  if (embedderPrecision !== 'auto') return [embedderPrecision];
  return executionProvider === 'cpu' && hasFastInt8() ? ['int8', 'fp32'] : ['fp32'];
}

/** Batches only on a GPU: a CPU computes a batch no faster than its faces one by one (docs/gpu.md). */
function chooseBatching({ batchMaxFaces, batchMaxWaitMs }: Settings, executionProvider: ExecutionProvider): Batching {
  const onGpu = executionProvider !== 'cpu';
  const auto = onGpu ? GPU_BATCH : 1;
  return { maxItems: batchMaxFaces === 'auto' ? auto : batchMaxFaces, maxWaitMs: batchMaxWaitMs, padBatches: onGpu };
}
