import type { FaceAnalyserOptions } from '#face';
import type { PhotographFailure } from './inference-error.js';
import type { AnyTask, TaskKind, Tasks } from './task.js';

/** A worker's `workerData`. */
export type WorkerOptions = FaceAnalyserOptions;

/** Sent once by each worker when its sessions are loaded and warm. */
export interface WorkerReady {
  readonly type: 'worker-ready';
  readonly threadId: number;
}

/** A task on one photograph. The bytes are transferred: the sender's view of them is empty afterwards. */
export type WorkerTask = AnyTask & {
  readonly bytes: Uint8Array;
  /** One value in shared memory: not 0 once no caller is waiting for the reply. */
  readonly abandoned: Int32Array;
};

/** A worker's reply. Errors are data, because an Error loses its class and fields between threads. */
export type WorkerReply<Kind extends TaskKind = TaskKind> =
  | { readonly status: 'done'; readonly result: Tasks[Kind]['result'] }
  | { readonly status: 'rejected'; readonly failure: PhotographFailure }
  | { readonly status: 'crashed'; readonly message: string }
  /** It ended early, since no caller was waiting for the reply. */
  | { readonly status: 'abandoned' };
