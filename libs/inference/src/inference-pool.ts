import { Piscina } from 'piscina';
import type { DetectorName, FaceAnalysis } from '#face';
import { BoundedQueue } from './bounded-queue.js';
import { InferenceError, type PhotographFailure } from './inference-error.js';
import type { AnalyseReply, AnalyseTask, WorkerOptions, WorkerReady } from './messages.js';
import { transferableBytes } from './transferable-bytes.js';

export interface InferencePoolOptions {
  /** Worker threads, each with its own set of sessions. */
  readonly workers: number;
  /** The most photographs that may wait for a worker. */
  readonly maxQueue: number;
  /** How long the workers may take to load and warm their sessions, in milliseconds. */
  readonly startTimeoutMs: number;
  readonly workerOptions: WorkerOptions;
  /** Another worker entry; tests put small ones here. */
  readonly workerFile?: URL;
  /** Told of trouble that no caller is waiting to hear of. */
  readonly onError?: (error: Error) => void;
}

/** What became of one photograph, and how long it waited for a worker. */
export type Outcome = { readonly queueMs: number } & (
  | { readonly status: 'analysed'; readonly analysis: FaceAnalysis }
  | { readonly status: 'rejected'; readonly failure: PhotographFailure }
);

/** A pool of worker threads that analyse photographs. */
export class InferencePool {
  readonly #queue: BoundedQueue;
  readonly #readyThreads = new Set<number>();

  private constructor(
    private readonly piscina: Piscina<AnalyseTask, AnalyseReply>,
    private readonly options: InferencePoolOptions,
  ) {
    this.#queue = new BoundedQueue(options.workers, options.maxQueue);
    piscina.on('message', (message: WorkerReady) => this.#readyThreads.add(message.threadId));
  }

  /**
   * Starts the workers and waits until every one of them has loaded and warmed its sessions.
   *
   * @throws InferenceError INTERNAL where a worker fails to load or the start takes too long
   */
  static async start(options: InferencePoolOptions): Promise<InferencePool> {
    const { workers, workerFile = new URL('./worker.js', import.meta.url), workerOptions } = options;
    const piscina = new Piscina<AnalyseTask, AnalyseReply>({
      filename: workerFile.href,
      minThreads: workers,
      maxThreads: workers,
      concurrentTasksPerWorker: 1,
      workerData: workerOptions,
    });
    const pool = new InferencePool(piscina, options);
    try {
      await pool.#untilReady();
    } catch (error) {
      await piscina.destroy();
      throw error;
    }
    piscina.on('error', (error: Error) => options.onError?.(error));
    return pool;
  }

  /** Workers whose sessions are loaded and warm. */
  get readyWorkers(): number {
    return this.piscina.threads.filter(({ threadId }) => this.#readyThreads.has(threadId)).length;
  }

  /** Photographs that wait for a worker. */
  get queueLength(): number {
    return this.#queue.waiting;
  }

  /**
   * Analyses photographs, each on the next free worker. All of them are let in, or none.
   *
   * @param photographs the files as sent; their bytes are transferred away
   * @param signal gives the waiting ones up; its reason should be an InferenceError
   * @returns what became of each, in the order of the photographs
   * @throws InferenceError OVERLOADED at once, where the queue has no room; WORKER_LOST, INTERNAL or the signal's reason
   */
  async analyse(photographs: readonly Uint8Array[], detector: DetectorName, signal: AbortSignal): Promise<Outcome[]> {
    if (!this.#queue.hasRoomFor(photographs.length)) {
      throw new InferenceError('OVERLOADED', `the queue is full: ${this.#queue.waiting} photographs are waiting`);
    }
    const outcomes = Promise.all(photographs.map((bytes) => this.#analyseOne(bytes, detector, signal)));
    return orAborted(outcomes, signal);
  }

  /** Waits for running photographs, then stops the workers. */
  async close(): Promise<void> {
    await this.piscina.close();
  }

  async #analyseOne(bytes: Uint8Array, detector: DetectorName, signal: AbortSignal): Promise<Outcome> {
    const submitted = performance.now();
    let queueMs = 0;
    const reply = await this.#queue.run(async () => {
      queueMs = performance.now() - submitted;
      const owned = transferableBytes(bytes);
      try {
        return await this.piscina.run({ bytes: owned, detector }, { transferList: [owned.buffer] });
      } catch (error) {
        throw new InferenceError('WORKER_LOST', error instanceof Error ? error.message : String(error));
      }
    }, signal);
    if (reply.status === 'crashed') throw new InferenceError('INTERNAL', reply.message);
    return { ...reply, queueMs };
  }

  async #untilReady(): Promise<void> {
    const { workers, startTimeoutMs } = this.options;
    await new Promise<void>((resolve, reject) => {
      const fail = (message: string): void => {
        reject(new InferenceError('INTERNAL', message));
      };
      const timer = setTimeout(() => {
        fail(`the workers were not ready within ${startTimeoutMs} ms`);
      }, startTimeoutMs);
      const settle = (settled: () => void): void => {
        clearTimeout(timer);
        settled();
      };
      this.piscina.once('error', (error: Error) => {
        settle(() => {
          fail(`a worker failed to load: ${error.message}`);
        });
      });
      this.piscina.on('message', () => {
        if (this.readyWorkers === workers) settle(resolve);
      });
    });
  }
}

/** The promise's result, or the signal's reason as soon as it aborts. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
