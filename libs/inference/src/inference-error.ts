import type { FaceErrorCode } from '#face';

/** Why the pool could not answer. The photographs are not to blame. */
export type InferenceErrorCode = 'OVERLOADED' | 'DEADLINE_EXCEEDED' | 'CANCELLED' | 'WORKER_LOST' | 'INTERNAL';

/** A failure of the pool itself. `message` is for logs and holds nothing of a photograph. */
export class InferenceError extends Error {
  constructor(
    readonly code: InferenceErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'InferenceError';
  }
}

/** What a worker says of a photograph that it could not analyse: a FaceError that has crossed a thread boundary. */
export interface PhotographFailure {
  readonly code: FaceErrorCode;
  readonly reason: string;
}
