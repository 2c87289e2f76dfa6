import type { ErrorCode } from './error-table.js';

/** Which of the two photographs. */
export type ImageNumber = 1 | 2;

/** An error reported to the client: its code determines the status, `message` becomes `detail`. */
export class ServiceError extends Error {
  constructor(
    readonly code: ErrorCode,
    detail: string,
    /** The photograph at fault, if any; the first, if both are. */
    readonly image?: ImageNumber,
    /** One error per photograph, if both are at fault. */
    readonly errors: readonly ServiceError[] = [],
  ) {
    super(detail);
    this.name = 'ServiceError';
  }
}

/** The error for one photograph or both. For both, it takes the first one's code and lists each. */
export function photographError(first: ServiceError, second?: ServiceError): ServiceError {
  if (second === undefined) return first;
  return new ServiceError(first.code, `${first.message} ${second.message}`, first.image, [first, second]);
}

/** The error for a photograph that exceeds the byte limit. */
export function imageTooLarge(image: ImageNumber, maxImageBytes: number): ServiceError {
  return new ServiceError('IMAGE_TOO_LARGE', `Image ${image} is larger than ${maxImageBytes} bytes.`, image);
}

/** The error for a body larger than two photographs at the limit. */
export function bodyTooLarge(): ServiceError {
  return new ServiceError('BODY_TOO_LARGE', 'The body is larger than the limit for two photographs.');
}
