import { setTimeout as delay } from 'node:timers/promises';
import { BoundedQueue } from './bounded-queue.js';
import { DurationEstimate } from './duration-estimate.js';
import { InferenceError, type PhotographFailure } from './inference-error.js';
import type { WorkerReply } from './messages.js';
import { type AnyTask, SLOTS, type Task, type TaskKind, type Tasks } from './task.js';
import { transferableBytes } from './transferable-bytes.js';
import { WorkerGroup, type WorkerGroupOptions } from './worker-group.js';

export interface InferencePoolOptions
  extends Omit<WorkerGroupOptions, 'workerFile' | 'onError'>, Partial<Pick<WorkerGroupOptions, 'workerFile'>> {
  /** Maximum number of photographs waiting for a worker. */
  readonly maxQueue: number;
  /** A worker that is busy with one photograph for longer than this, in milliseconds, is considered stuck. */
  readonly stuckAfterMs: number;
  /** Called with errors that no caller is waiting for. */
  readonly onError?: (error: Error) => void;
}

/** The outcome for one photograph, and how long it waited for a worker. */
export type TaskResult<Kind extends TaskKind> = { readonly queueMs: number } & (
  | { readonly status: 'done'; readonly result: Tasks[Kind]['result'] }
  | { readonly status: 'rejected'; readonly failure: PhotographFailure }
);

/** Number of first photographs for which a worker takes longer. */
const WARM_UP = 4;

/** Interval for checking whether a group has given up on a worker, in milliseconds. */
const CHECK_MS = 1_000;

/** The first and the maximum delay between attempts to replace workers that fail to load, in milliseconds. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/** A pool of worker threads with a bounded queue. Workers that die are replaced. */
export class InferencePool {
  readonly #queue: BoundedQueue;
  readonly #concurrency: number;
  readonly #options: WorkerGroupOptions;
  #group!: WorkerGroup;
  /** When each running photograph was passed to its worker. */
  readonly #startedAt = new Map<symbol, number>();
  /** How long a slot is occupied. */
  readonly #slotTime: DurationEstimate;
  #earlierDeaths = 0;
  #check?: NodeJS.Timeout;
  #restarting = false;
  #closed = false;

  private constructor(private readonly options: InferencePoolOptions) {
    this.#concurrency = options.workers * (options.tasksPerWorker ?? 1);
    this.#slotTime = new DurationEstimate(WARM_UP * options.workers);
    this.#queue = new BoundedQueue(this.#concurrency, options.maxQueue);
    this.#options = {
      ...options,
      workerFile: options.workerFile ?? new URL('./worker.js', import.meta.url),
      onError: options.onError ?? (() => undefined),
    };
  }

  /**
   * Starts the workers and waits until all of them have loaded and warmed up their sessions.
   *
   * @throws InferenceError INTERNAL if a worker fails to load or the start times out
   */
  static async start(options: InferencePoolOptions): Promise<InferencePool> {
    const pool = new InferencePool(options);
    pool.#group = await WorkerGroup.start(pool.#options);
    pool.#check = setInterval(() => {
      if (pool.#group.broken) void pool.#restart();
    }, CHECK_MS).unref();
    return pool;
  }

  /** Workers whose sessions are loaded and warm. */
  get readyWorkers(): number {
    return this.#group.readyWorkers;
  }

  /** Workers that have died since the start. */
  get workerDeaths(): number {
    return this.#earlierDeaths + this.#group.deaths;
  }

  /** Whether all workers are ready and do not keep dying. */
  get healthy(): boolean {
    return !this.#closed && this.#group.healthy;
  }

  /**
   * Whether a worker hangs in native code. It is not terminated: killing a thread inside the ONNX Runtime takes down
   * the whole process, with every other request. Only a restart of the process helps.
   */
  get stuck(): boolean {
    const since = performance.now() - this.options.stuckAfterMs;
    return [...this.#startedAt.values()].some((startedAt) => startedAt < since);
  }

  /** Whether workers could not be replaced, and all of them are being restarted. */
  get restarting(): boolean {
    return this.#restarting;
  }

  /** Number of photographs waiting for a worker. */
  get queueLength(): number {
    return this.#queue.waiting;
  }

  /** Number of slots for running and waiting photographs ({@link SLOTS}). */
  get capacity(): number {
    return this.#concurrency + this.options.maxQueue;
  }

  /**
   * A conservative estimate, from recent durations, of the time until photographs that arrive now are done, in
   * milliseconds.
   *
   * @param slots that they take in total
   * @param ahead slots taken ahead of them
   */
  expectedMs(slots: number, ahead: number): number {
    // Fewer slots than workers take no less time than one per worker.
    const all = ahead + Math.max(slots, this.#concurrency);
    return this.#slotTime.of(all) / this.#concurrency;
  }

  /**
   * Runs the same task on several photographs, each on the next free worker. Either all of them are admitted or none.
   *
   * @param photographs the files as sent; their bytes are transferred
   * @param task what to do with each of them
   * @param signal cancels them: waiting ones do not start, running ones end at their next step; its reason should be an
   *   InferenceError
   * @returns the outcome of each, in order
   * @throws InferenceError OVERLOADED at once if the queue is full; WORKER_LOST, INTERNAL or the signal's reason
   */
  async run<Kind extends TaskKind>(
    photographs: readonly Uint8Array[],
    task: Task<Kind>,
    signal: AbortSignal,
  ): Promise<TaskResult<Kind>[]> {
    if (this.#closed) throw new InferenceError('WORKER_LOST', 'the pool is closed');
    if (!this.#queue.hasRoomFor(photographs.length)) {
      throw new InferenceError('OVERLOADED', `the queue is full: ${this.#queue.waiting} photographs are waiting`);
    }
    const results = Promise.all(photographs.map((bytes) => this.#runOne(bytes, task, signal)));
    return orAborted(results, signal);
  }

  /** Waits for running photographs, then stops the workers. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#check);
    await this.#group.close();
  }

  async #runOne<Kind extends TaskKind>(
    bytes: Uint8Array,
    task: Task<Kind>,
    signal: AbortSignal,
  ): Promise<TaskResult<Kind>> {
    const submitted = performance.now();
    let queueMs = 0;
    const reply = await this.#queue.run(async () => {
      const started = performance.now();
      queueMs = started - submitted;
      const run = Symbol(task.kind);
      this.#startedAt.set(run, started);
      const abandoned = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const abandon = (): void => {
        Atomics.store(abandoned, 0, 1);
      };
      signal.addEventListener('abort', abandon, { once: true });
      try {
        const reply = await this.#group.run({ ...(task as AnyTask), bytes: transferableBytes(bytes), abandoned });
        if (tellsDuration(reply)) this.#slotTime.add((performance.now() - started) / SLOTS[task.kind]);
        return reply;
      } finally {
        signal.removeEventListener('abort', abandon);
        this.#startedAt.delete(run);
      }
    }, signal);
    if (reply.status === 'crashed') throw new InferenceError('INTERNAL', reply.message);
    if (reply.status === 'abandoned') throw signal.reason;
    return { ...reply, queueMs };
  }

  /** Replaces a group whose workers cannot be replaced one by one, retrying with exponential backoff. */
  async #restart(): Promise<void> {
    if (this.#restarting) return;
    this.#restarting = true;
    let wait = FIRST_RETRY_MS;
    while (!this.#closed && !(await this.#replaceGroup(wait))) wait = Math.min(2 * wait, LONGEST_RETRY_MS);
    this.#restarting = false;
  }

  /** @returns whether there is a new group */
  async #replaceGroup(afterMs: number): Promise<boolean> {
    await delay(afterMs, undefined, { ref: false });
    try {
      const worn = this.#group;
      this.#group = await WorkerGroup.start(this.#options);
      this.#earlierDeaths += worn.deaths;
      // Not awaited: its running tasks need not block others.
      void worn.close();
      if (this.#closed) await this.#group.close();
      return true;
    } catch (error) {
      this.#options.onError(error as Error);
      return false;
    }
  }
}

/** Whether a task ran to its end. Photographs that cannot be read, and abandoned tasks, say little about the others. */
const tellsDuration = (reply: WorkerReply): boolean =>
  reply.status === 'done' ||
  (reply.status === 'rejected' && (reply.failure.code === 'NO_FACE' || reply.failure.code === 'MULTIPLE_FACES'));

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
