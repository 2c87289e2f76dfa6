import { cropBy } from '../../face/src/test-support.fixture.js';
import type { InferencePoolOptions } from './inference-pool.js';

/** The program of a worker that only exists for tests. */
export const testWorker = (name: string): URL => new URL(`../test-workers/${name}.mjs`, import.meta.url);

/**
 * Options of a pool whose workers load no models and do what a photograph's bytes say
 * (test-workers/scripted-worker.mjs).
 *
 * @param obstacle while this file exists, workers fail to load
 */
export const scriptedWorkers = (obstacle = '/nowhere'): Pick<InferencePoolOptions, 'workerFile' | 'workerOptions'> => ({
  workerFile: testWorker('scripted-worker'),
  workerOptions: {
    models: {
      oNet: '',
      detectors: {},
      embedder: { path: obstacle, input: { side: 1, normalisation: { mean: 0, divisor: 1 } }, length: 1 },
    },
    detectors: [],
    runtime: { executionProvider: 'cpu', intraOpThreads: 1 },
    crop: cropBy('square'),
    maxPixels: 1,
  },
});

/** A promise, and the functions that settle it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

export function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error('expected the promise to hand out its functions');
  return { promise, ...settle };
}

/** Waits until all promises that can settle have done so. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
