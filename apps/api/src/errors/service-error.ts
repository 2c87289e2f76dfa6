import type { ErrorCode } from './error-table.js';

/** Which of the two photographs. */
export type ImageNumber = 1 | 2;

/** An error the caller is told about: its code decides the status, `message` is the sentence in `detail`. */
export class ServiceError extends Error {
  constructor(
    readonly code: ErrorCode,
    detail: string,
    /** The photograph to blame, where one is. */
    readonly image?: ImageNumber,
  ) {
    super(detail);
    this.name = 'ServiceError';
  }
}

/** The error for a photograph of more bytes than allowed. */
export function imageTooLarge(image: ImageNumber, maxImageBytes: number): ServiceError {
  return new ServiceError('IMAGE_TOO_LARGE', `Image ${image} has more than ${maxImageBytes} bytes.`, image);
}

/** The error for a body of more bytes than two photographs may have. */
export function bodyTooLarge(): ServiceError {
  return new ServiceError('BODY_TOO_LARGE', 'The body is larger than two photographs may be together.');
}
