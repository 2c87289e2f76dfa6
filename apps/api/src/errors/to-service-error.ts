import { HttpException } from '@nestjs/common';
import { InferenceError, type InferenceErrorCode } from '#inference';
import { ServiceError } from './service-error.js';

/** Translates anything thrown into an error for the client; undefined for internal errors. */
export function toServiceError(error: unknown): ServiceError | undefined {
  if (error instanceof ServiceError) return error;
  if (error instanceof InferenceError) return FROM_INFERENCE[error.code];
  if (error instanceof HttpException) return fromHttp(error);
  return fromExpress(error);
}

/** Created once: capturing a stack trace per rejection would be wasteful under overload. */
const FROM_INFERENCE: Readonly<Partial<Record<InferenceErrorCode, ServiceError>>> = {
  OVERLOADED: new ServiceError('OVERLOADED', 'Too many photographs are waiting; try again in a moment.'),
  DEADLINE_EXCEEDED: new ServiceError('DEADLINE_EXCEEDED', 'The response was not ready in time.'),
  WORKER_LOST: new ServiceError('WORKER_LOST', 'The worker that was processing the photographs died; try again.'),
};

function fromHttp(error: HttpException): ServiceError | undefined {
  switch (error.getStatus()) {
    case 404:
      return new ServiceError('NOT_FOUND', 'There is nothing at this path; see /docs for the available ones.');
    case 400:
      return new ServiceError('INVALID_REQUEST', 'The request cannot be read.');
    default:
      return undefined;
  }
}

/** Express itself rejects what it cannot parse, such as a path that is not UTF-8. Its messages quote the request. */
function fromExpress(error: unknown): ServiceError | undefined {
  const { status } = (error ?? {}) as { readonly status?: unknown };
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  return new ServiceError('INVALID_REQUEST', 'The request cannot be read.');
}
