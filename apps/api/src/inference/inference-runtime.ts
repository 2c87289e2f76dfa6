import { join } from 'node:path';
import type { Batching, CropRule, ExecutionProvider } from '#face';
import {
  chooseProvider,
  type EmbedderPrecision,
  hasFastInt8,
  InferencePool,
  type ModelSet,
  openModels,
} from '#inference';
import type { Settings } from '../config/settings.js';

/** The running pool and what it runs on. */
export interface InferenceRuntime {
  readonly pool: InferencePool;
  readonly models: ModelSet;
  readonly executionProvider: ExecutionProvider;
  /** What is cut out around a face. */
  readonly cropRule: CropRule;
  /** The similarity from which faces match where a request does not say. */
  readonly threshold: number;
  /** Why a GPU that seems to be there is not in use. */
  readonly fallbackReason?: string;
}

const START_TIMEOUT_MS = 60_000;

/** The smallest of the models, which a GPU is tried out with. */
const PROBE_MODEL = 'pnet.onnx';

/** Faces in a batch on a GPU. */
const GPU_BATCH = 16;

/** A comparison's photographs, which need a place each at the same time. */
const PHOTOGRAPHS = 2;

/** A worker that is busy with one photograph for this many deadlines will not come back. */
const STUCK_AFTER_DEADLINES = 3;

/** And none is stuck before this, in milliseconds, however short the deadline: a large photograph takes its time. */
const NEVER_STUCK_MS = 30_000;

/**
 * Checks the models and starts the pool with them.
 *
 * @param onError told of trouble in the pool that no request is waiting to hear of
 * @throws Error with one line that says what is missing or wrong
 */
export async function startInference(settings: Settings, onError: (error: Error) => void): Promise<InferenceRuntime> {
  const { provider: executionProvider, fallbackReason } = await chooseProvider({
    wanted: settings.executionProvider,
    probeModel: join(settings.modelsDir, PROBE_MODEL),
  });
  const batching = chooseBatching(settings, executionProvider);
  const workers = executionProvider === 'cpu' ? settings.workers : settings.gpuWorkers;
  checkCapacity(workers, batching.maxItems, settings.maxQueue);
  const models = await openModels(settings.modelsDir, {
    detectors: settings.detectors,
    weights: settings.embedderWeights,
    precisions: acceptablePrecisions(settings, executionProvider),
  });
  const { crop_rule, threshold } = models.embedder;
  const cropRule = settings.cropRule === 'auto' ? crop_rule : settings.cropRule;
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
    threshold: settings.similarityThreshold === 'auto' ? threshold : settings.similarityThreshold,
    ...(fallbackReason !== undefined && { fallbackReason }),
  };
}

/**
 * A service that has fewer places than a comparison has photographs would refuse every one. Only here is it known how
 * many photographs the workers take: on a GPU there are other workers, and each takes several.
 */
function checkCapacity(workers: number, photographsEach: number, maxQueue: number): void {
  if (workers * photographsEach + maxQueue >= PHOTOGRAPHS) return;
  throw new Error(
    `Bad settings: WORKERS=${workers} and MAX_QUEUE=${maxQueue} leave no room for the two photographs of a comparison; one of them must be higher`,
  );
}

/**
 * The precision asked for; or else the fastest, and float32 where the int8 model is missing. GPUs have no fast way for
 * this kind of int8 model.
 */
export function acceptablePrecisions(
  { embedderPrecision }: Settings,
  executionProvider: ExecutionProvider = 'cpu',
): EmbedderPrecision[] {
  if (embedderPrecision !== 'auto') return [embedderPrecision];
  return executionProvider === 'cpu' && hasFastInt8() ? ['int8', 'fp32'] : ['fp32'];
}

/** Batches are for a GPU: a CPU computes a batch no faster than its faces one by one (docs/gpu.md). */
function chooseBatching({ batchMaxFaces, batchMaxWaitMs }: Settings, executionProvider: ExecutionProvider): Batching {
  const onGpu = executionProvider !== 'cpu';
  const auto = onGpu ? GPU_BATCH : 1;
  return { maxItems: batchMaxFaces === 'auto' ? auto : batchMaxFaces, maxWaitMs: batchMaxWaitMs, padBatches: onGpu };
}
