import type { FaceAnalyserOptions } from '#face';
import type { PhotographFailure } from './inference-error.js';
import type { AnyTask, TaskKind, Tasks } from './task.js';

/** What a worker is started with (its `workerData`). */
export type WorkerOptions = FaceAnalyserOptions;

/** Sent once by each worker, when its sessions are loaded and warm. */
export interface WorkerReady {
  readonly type: 'worker-ready';
  readonly threadId: number;
}

/** A task on one photograph. The bytes are transferred: the sender's view of them is empty afterwards. */
export type WorkerTask = AnyTask & {
  readonly bytes: Uint8Array;
  /** One value in memory that both threads see: not 0 once nobody waits for the answer. */
  readonly abandoned: Int32Array;
};

/** A worker's answer. Errors are data: an Error's class and fields do not survive the way between threads. */
export type WorkerReply<Kind extends TaskKind = TaskKind> =
  | { readonly status: 'done'; readonly result: Tasks[Kind]['result'] }
  | { readonly status: 'rejected'; readonly failure: PhotographFailure }
  | { readonly status: 'crashed'; readonly message: string }
  /** It ended early, since nobody waited for the answer. */
  | { readonly status: 'abandoned' };
