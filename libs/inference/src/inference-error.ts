import type { FaceErrorCode } from '#face';

/** Why the pool failed, independently of the photographs. */
export type InferenceErrorCode = 'OVERLOADED' | 'DEADLINE_EXCEEDED' | 'CANCELLED' | 'WORKER_LOST' | 'INTERNAL';

/** A failure of the pool itself. `message` is for logs and contains nothing from a photograph. */
export class InferenceError extends Error {
  constructor(
    readonly code: InferenceErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'InferenceError';
  }
}

/** Why a worker could not analyse a photograph: a FaceError sent across threads. */
export interface PhotographFailure {
  readonly code: FaceErrorCode;
  readonly reason: string;
}
