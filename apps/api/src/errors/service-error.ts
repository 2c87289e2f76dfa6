import type { ErrorCode } from './error-table.js';

/** Which of the two photographs. */
export type ImageNumber = 1 | 2;

/** An error the caller is told about: its code decides the status, `message` is the sentence in `detail`. */
export class ServiceError extends Error {
  constructor(
    readonly code: ErrorCode,
    detail: string,
    /** The photograph to blame, where one is; the first, where both are. */
    readonly image?: ImageNumber,
    /** What is wrong with each, where both photographs are to blame. */
    readonly errors: readonly ServiceError[] = [],
  ) {
    super(detail);
    this.name = 'ServiceError';
  }
}

/** What is wrong with one photograph, or with both: then the error has the first one's code and tells of each. */
export function photographError(first: ServiceError, second?: ServiceError): ServiceError {
  if (second === undefined) return first;
  return new ServiceError(first.code, `${first.message} ${second.message}`, first.image, [first, second]);
}

/** The error for a photograph of more bytes than allowed. */
export function imageTooLarge(image: ImageNumber, maxImageBytes: number): ServiceError {
  return new ServiceError('IMAGE_TOO_LARGE', `Image ${image} is larger than ${maxImageBytes} bytes.`, image);
}

/** The error for a body of more bytes than two photographs may have. */
export function bodyTooLarge(): ServiceError {
  return new ServiceError('BODY_TOO_LARGE', 'The body is larger than the limit for two photographs.');
}
