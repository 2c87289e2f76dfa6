import type { Settings } from '../../api/src/config/settings.js';
import {
  chooseExecutionProvider,
  type InferenceRuntime,
  startInference,
} from '../../api/src/inference/inference-runtime.js';

/** Results of work, and how long it took without the models' loading. */
export interface Timed<T> {
  readonly result: T;
  readonly loadMs: number;
  readonly workMs: number;
}

/**
 * Loads the models as the service does with the same settings, and works with them. One worker: a second one would take
 * longer to load its models than it saves.
 *
 * @throws Error with one line saying what is missing or wrong; or what `work` throws
 */
export async function withInference<T>(
  settings: Settings,
  work: (inference: InferenceRuntime) => Promise<T>,
): Promise<Timed<T>> {
  const started = performance.now();
  const alone: Settings = { ...settings, workers: 1, gpuWorkers: 1, processes: 1, maxQueue: 1 };
  const inference = await startInference(alone, await chooseExecutionProvider(alone), () => undefined);
  const loaded = performance.now();
  try {
    const result = await work(inference);
    return { result, loadMs: loaded - started, workMs: performance.now() - loaded };
  } finally {
    await inference.pool.close();
  }
}
