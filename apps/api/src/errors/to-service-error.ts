import { HttpException } from '@nestjs/common';
import { InferenceError, type InferenceErrorCode } from '#inference';
import { ServiceError } from './service-error.js';

/** What body-parser and multer put on the errors they make. */
interface ParserError extends Error {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly status?: unknown;
}

/**
 * Translates whatever was thrown into an error for the caller, or undefined where it is none of the caller's business.
 */
export function toServiceError(error: unknown): ServiceError | undefined {
  if (error instanceof ServiceError) return error;
  if (error instanceof InferenceError) return FROM_INFERENCE[error.code];
  if (error instanceof HttpException) return fromHttp(error);
  return error instanceof Error ? fromParser(error) : undefined;
}

/** Made once: an overload is no time to write down where each refusal came from. */
const FROM_INFERENCE: Readonly<Partial<Record<InferenceErrorCode, ServiceError>>> = {
  OVERLOADED: new ServiceError('OVERLOADED', 'Too many photographs are waiting; try again in a moment.'),
  DEADLINE_EXCEEDED: new ServiceError('DEADLINE_EXCEEDED', 'The answer was not ready in time.'),
  WORKER_LOST: new ServiceError('WORKER_LOST', 'The worker that had the photographs died; try again.'),
};

function fromHttp(error: HttpException): ServiceError | undefined {
  switch (error.getStatus()) {
    case 404:
      return new ServiceError('NOT_FOUND', 'There is nothing here; see /docs for what there is.');
    case 400:
      return new ServiceError('INVALID_REQUEST', 'The request cannot be read.');
    default:
      return undefined;
  }
}

/** Body-parser and multer tell their errors apart by `type` and `code`; their messages quote the body, so none is used. */
function fromParser({ type, code, status }: ParserError): ServiceError | undefined {
  if (type === 'entity.too.large') {
    return new ServiceError('BODY_TOO_LARGE', 'The body is larger than two photographs may be together.');
  }
  if (type === 'encoding.unsupported') {
    return new ServiceError('UNSUPPORTED_MEDIA_TYPE', 'The body must not be compressed.');
  }
  if (code === 'LIMIT_UNEXPECTED_FILE' || code === 'LIMIT_FILE_COUNT') {
    return new ServiceError('INVALID_REQUEST', 'Send exactly one file in each of the fields image1 and image2.');
  }
  if (typeof code === 'string' && code.startsWith('LIMIT_')) {
    return new ServiceError('INVALID_REQUEST', 'The form has too many or too long fields.');
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new ServiceError('INVALID_REQUEST', 'The body cannot be read.');
  }
  return undefined;
}
