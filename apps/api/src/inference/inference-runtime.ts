import type { CropRule, DetectorName, ExecutionProvider } from '#face';
import { type EmbedderPrecision, hasFastInt8, InferencePool, type ModelSet, openModels } from '#inference';
import type { Settings } from '../config/settings.js';

/** The running pool and what it runs on. */
export interface InferenceRuntime {
  readonly pool: InferencePool;
  readonly models: ModelSet;
  readonly executionProvider: ExecutionProvider;
  readonly precision: EmbedderPrecision;
}

const START_TIMEOUT_MS = 60_000;

/** A worker that is busy with one photograph for this many deadlines will not come back. */
const STUCK_AFTER_DEADLINES = 3;

/**
 * Checks the models and starts the pool with them.
 *
 * @param onTrouble told of trouble in the pool that no request is waiting to hear of
 * @throws Error with one line that says what is missing or wrong
 */
export async function startInference(settings: Settings, onTrouble: (error: Error) => void): Promise<InferenceRuntime> {
  const precision = choosePrecision(settings);
  const executionProvider: ExecutionProvider = 'cpu';
  const models = await openModels(settings.modelsDir, { weights: settings.embedderWeights, precision });
  const pool = await InferencePool.start({
    workers: settings.workers,
    maxQueue: settings.maxQueue,
    startTimeoutMs: START_TIMEOUT_MS,
    onTrouble,
    stuckAfterMs: STUCK_AFTER_DEADLINES * settings.requestTimeoutMs,
    workerOptions: {
      models: models.paths,
      runtime: { executionProvider, intraOpThreads: settings.intraOpThreads },
      cropRules: cropRules(settings),
      maxPixels: settings.maxImagePixels,
    },
  });
  return { pool, models, executionProvider, precision };
}

export function choosePrecision({ embedderPrecision }: Settings): EmbedderPrecision {
  if (embedderPrecision !== 'auto') return embedderPrecision;
  return hasFastInt8() ? 'int8' : 'fp32';
}

export function cropRules(settings: Settings): Record<DetectorName, CropRule> {
  return settings.cropRule === 'reference'
    ? {
        mtcnn: { kind: 'padded-box', padding: 0, filter: 'bilinear' },
        blazeface: { kind: 'padded-box', padding: 20, filter: 'lanczos3' },
      }
    : {
        mtcnn: { kind: 'square', margin: settings.mtcnnCropMargin, filter: 'bilinear' },
        blazeface: { kind: 'square', margin: settings.blazefaceCropMargin, filter: 'bilinear' },
      };
}
