import { setTimeout as delay } from 'node:timers/promises';
import { Piscina } from 'piscina';
import { InferenceError } from './inference-error.js';
import type { WorkerOptions, WorkerReady, WorkerReply, WorkerTask } from './messages.js';
import { WorkerWatch } from './worker-watch.js';

export interface WorkerGroupOptions {
  /** Worker threads, each with its own set of sessions. */
  readonly workers: number;
  /** Concurrent photographs per worker, 1 by default; more only help with batching. */
  readonly tasksPerWorker?: number;
  readonly workerFile: URL;
  readonly workerOptions: WorkerOptions;
  /** Timeout for loading and warming up the sessions, in milliseconds. */
  readonly startTimeoutMs: number;
  /** Called when a worker has died or failed to load. */
  readonly onError: (error: Error) => void;
}

/** Interval for checking whether the workers are idle, in milliseconds. */
const IDLE_CHECK_MS = 20;

/** How long to wait for the workers to become idle before they are stopped, in milliseconds. */
const CLOSE_TIMEOUT_MS = 30_000;

/** How much lower a worker's priority is than the main thread's (Unix niceness). */
const WORKER_NICENESS = 5;

/** Maximum JavaScript heap of a worker, in megabytes. */
const MAX_HEAP_MB = 256;

/**
 * Maximum size of its young generation, in megabytes; unlimited, it triples over thousands of photographs. With 12
 * instead of 6, two workers take 40 MB more.
 */
const MAX_YOUNG_MB = 6;

/**
 * A Piscina pool and its workers. Piscina replaces a worker that dies, but gives up for good when a replacement fails
 * to load; then the whole group must be replaced.
 */
export class WorkerGroup {
  readonly #watch: WorkerWatch;
  #running = 0;

  private constructor(
    private readonly piscina: Piscina<WorkerTask, WorkerReply>,
    private readonly options: WorkerGroupOptions,
  ) {
    this.#watch = new WorkerWatch(() => {
      options.onError(new InferenceError('WORKER_LOST', 'a worker has died'));
    });
    piscina.on('message', ({ threadId }: WorkerReady) => {
      const worker = piscina.threads.find((thread) => thread.threadId === threadId);
      if (worker !== undefined) this.#watch.add(worker);
    });
  }

  /**
   * Starts the workers and waits until all of them have loaded and warmed up their sessions.
   *
   * @throws InferenceError INTERNAL if a worker fails to load or the start times out
   */
  static async start(options: WorkerGroupOptions): Promise<WorkerGroup> {
    const { tasksPerWorker = 1 } = options;
    const piscina = new Piscina<WorkerTask, WorkerReply>({
      filename: options.workerFile.href,
      minThreads: options.workers,
      maxThreads: options.workers,
      concurrentTasksPerWorker: tasksPerWorker,
      // 'sync' lets an idle worker block outside its event loop, unreachable for timers and native callbacks. That
      // speeds up single tasks; with overlapping tasks, the loop must keep running.
      atomics: tasksPerWorker === 1 ? 'sync' : 'disabled',
      workerData: options.workerOptions,
      // The HTTP thread takes precedence when cores are scarce: it has little to do, but every request depends on it.
      niceIncrement: WORKER_NICENESS,
      // Pixels and tensors are outside the heap; a worker that fills it is faulty and is best replaced.
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: MAX_YOUNG_MB },
    });
    const group = new WorkerGroup(piscina, options);
    try {
      await group.#untilReady();
    } catch (error) {
      await group.close(options.startTimeoutMs);
      throw error;
    }
    piscina.on('error', options.onError);
    return group;
  }

  /** Workers whose sessions are loaded and warm. */
  get readyWorkers(): number {
    return this.#watch.ready;
  }

  /** Workers that have died since the start. */
  get deaths(): number {
    return this.#watch.deaths;
  }

  /** Whether Piscina has given up replacing a worker. */
  get broken(): boolean {
    return this.piscina.threads.length < this.options.workers;
  }

  /** Whether all workers are ready and do not keep dying. */
  get healthy(): boolean {
    return this.readyWorkers === this.options.workers && !this.#watch.unstable;
  }

  /**
   * Runs a task on a free worker, or on the next one that becomes free.
   *
   * @throws InferenceError WORKER_LOST if the worker dies
   */
  async run(task: WorkerTask): Promise<WorkerReply> {
    this.#running++;
    try {
      return await this.piscina.run(task, { transferList: [task.bytes.buffer as ArrayBuffer] });
    } catch (error) {
      throw new InferenceError('WORKER_LOST', error instanceof Error ? error.message : String(error));
    } finally {
      this.#running--;
    }
  }

  /**
   * Waits for running tasks and loading workers, then stops the workers. Terminating a thread inside the ONNX Runtime
   * takes down the whole process, so the waiting is not left to Piscina, which stops as soon as the first tasks end.
   *
   * @param timeoutMs after this time, workers are stopped even if they are not idle
   */
  async close(timeoutMs = CLOSE_TIMEOUT_MS): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!this.#idle && performance.now() < deadline) await delay(IDLE_CHECK_MS);
    this.#watch.forgetAll();
    await this.piscina.destroy();
  }

  /** Whether no worker is loading or running a task. Tasks that wait when there are no workers are ignored. */
  get #idle(): boolean {
    const loading = this.piscina.threads.length > this.readyWorkers;
    return !loading && (this.#running === 0 || this.readyWorkers === 0);
  }

  async #untilReady(): Promise<void> {
    const { workers, startTimeoutMs } = this.options;
    await new Promise<void>((resolve, reject) => {
      const fail = (message: string): void => {
        clearTimeout(timer);
        // The runtime's messages have several lines; the startup error should have one.
        reject(new InferenceError('INTERNAL', message.replace(/\s+/g, ' ')));
      };
      const timer = setTimeout(() => {
        fail(`the workers were not ready within ${startTimeoutMs} ms`);
      }, startTimeoutMs);
      this.piscina.on('error', (error: Error) => {
        fail(`a worker failed to load: ${error.message}`);
      });
      this.piscina.on('message', () => {
        if (this.readyWorkers < workers) return;
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
