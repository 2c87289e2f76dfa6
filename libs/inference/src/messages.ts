import type { FaceAnalyserOptions, FaceAnalysis, FaceQuery } from '#face';
import type { PhotographFailure } from './inference-error.js';

/** What a worker is started with (its `workerData`). */
export type WorkerOptions = FaceAnalyserOptions;

/** Sent once by each worker, when its sessions are loaded and warm. */
export interface WorkerReady {
  readonly type: 'worker-ready';
  readonly threadId: number;
}

/** One photograph to analyse. The bytes are transferred: the sender's view of them is empty afterwards. */
export interface AnalyseTask {
  readonly bytes: Uint8Array;
  readonly query: FaceQuery;
  /** One value in memory that both threads see: not 0 once nobody waits for the answer. */
  readonly abandoned: Int32Array;
}

/** A worker's answer. Errors are data: an Error's class and fields do not survive the way between threads. */
export type AnalyseReply =
  | { readonly status: 'analysed'; readonly analysis: FaceAnalysis }
  | { readonly status: 'rejected'; readonly failure: PhotographFailure }
  | { readonly status: 'crashed'; readonly message: string }
  /** It ended early, since nobody waited for the answer. */
  | { readonly status: 'abandoned' };
