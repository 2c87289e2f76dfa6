import { setTimeout as delay } from 'node:timers/promises';
import { Piscina } from 'piscina';
import { InferenceError } from './inference-error.js';
import type { WorkerOptions, WorkerReady, WorkerReply, WorkerTask } from './messages.js';
import { WorkerWatch } from './worker-watch.js';

export interface WorkerGroupOptions {
  /** Worker threads, each with its own set of sessions. */
  readonly workers: number;
  /** Photographs a worker takes at a time, 1 unless given: more are only of use where it computes them together. */
  readonly tasksPerWorker?: number;
  readonly workerFile: URL;
  readonly workerOptions: WorkerOptions;
  /** How long the workers may take to load and warm their sessions, in milliseconds. */
  readonly startTimeoutMs: number;
  /** Told when a worker has died or failed to load. */
  readonly onError: (error: Error) => void;
}

/** How often it is checked whether the workers have come to rest, in milliseconds. */
const REST_CHECK_MS = 20;

/** How long the workers have to come to rest before they are stopped, in milliseconds. */
const CLOSE_TIMEOUT_MS = 30_000;

/** How much lower a worker's priority is than the main thread's (Unix niceness). */
const WORKER_NICENESS = 5;

/** What a worker's own JavaScript objects may take, in megabytes. */
const MAX_HEAP_MB = 256;

/** What of it may be young, in megabytes; left alone it grows to three times as much over thousands of photographs. */
const MAX_YOUNG_MB = 12;

/**
 * One Piscina and its workers. Piscina replaces a worker that dies, but gives up for good when a replacement fails to
 * load; such a group has to be replaced itself.
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
   * Starts the workers and waits until every one of them has loaded and warmed its sessions.
   *
   * @throws InferenceError INTERNAL where a worker fails to load or the start takes too long
   */
  static async start(options: WorkerGroupOptions): Promise<WorkerGroup> {
    const { tasksPerWorker = 1 } = options;
    const piscina = new Piscina<WorkerTask, WorkerReply>({
      filename: options.workerFile.href,
      minThreads: options.workers,
      maxThreads: options.workers,
      concurrentTasksPerWorker: tasksPerWorker,
      // Otherwise a worker that has nothing to do sleeps outside its event loop, where no timer and no native callback
      // reaches it. That hands a lone task over faster; where tasks overlap, the loop has to go on.
      atomics: tasksPerWorker === 1 ? 'sync' : 'disabled',
      workerData: options.workerOptions,
      // The thread that talks HTTP goes first where cores are short: it has little to do, but everybody waits for it.
      niceIncrement: WORKER_NICENESS,
      // Pixels and tensors lie outside the heap; a worker that fills it has gone wrong and is better replaced.
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

  /** Whether every worker is there and they do not keep dying. */
  get healthy(): boolean {
    return this.readyWorkers === this.options.workers && !this.#watch.unstable;
  }

  /**
   * Hands a task to a free worker, or to the next one that is ready.
   *
   * @throws InferenceError WORKER_LOST where the worker dies over it
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
   * Waits for running tasks and loading workers, then stops the workers. A thread that is terminated inside the ONNX
   * Runtime takes the whole process down, so Piscina, which goes by the first tasks that end, is not left to wait.
   *
   * @param timeoutMs after this time a worker that has not come to rest is stopped all the same
   */
  async close(timeoutMs = CLOSE_TIMEOUT_MS): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!this.#atRest && performance.now() < deadline) await delay(REST_CHECK_MS);
    this.#watch.forgetAll();
    await this.piscina.destroy();
  }

  /** Whether no worker loads or runs a task. A task that waits for a worker where there is none is not waited for. */
  get #atRest(): boolean {
    const loading = this.piscina.threads.length > this.readyWorkers;
    return !loading && (this.#running === 0 || this.readyWorkers === 0);
  }

  async #untilReady(): Promise<void> {
    const { workers, startTimeoutMs } = this.options;
    await new Promise<void>((resolve, reject) => {
      const fail = (message: string): void => {
        clearTimeout(timer);
        // The runtime's messages have several lines; whoever starts the service wants one.
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
