import type { FaceWarning } from '#face';
import type { ErrorCode } from './error-table.js';

/** The photographs of requests by their names there, and what errors call them. */
export const IMAGES = {
  image1: 1,
  image2: 2,
  image: 'image',
  reference: 'reference',
  candidate: 'candidate',
  // Of compatible APIs.
  source_image: 1,
  target_image: 2,
  img1: 1,
  img2: 2,
} as const;

/** The name of a photograph in a request. */
export type PhotographName = keyof typeof IMAGES;

/** What errors call a photograph: its number if there are two of a kind. */
export type ImageName = (typeof IMAGES)[PhotographName];

/** An error reported to the client: its code determines the status, `message` becomes `detail`. */
export class ServiceError extends Error {
  constructor(
    readonly code: ErrorCode,
    detail: string,
    /** The photograph at fault, if any; the first, if both are. */
    readonly image?: ImageName,
    /** One error per photograph, if both are at fault. */
    readonly errors: readonly ServiceError[] = [],
    /** What is wrong with the face, for LOW_QUALITY. */
    readonly reasons: readonly FaceWarning[] = [],
  ) {
    super(detail);
    this.name = 'ServiceError';
  }
}

/** A photograph in the middle of a sentence: `image 2`, or `the reference`. */
export const inWords = (image: ImageName): string => (typeof image === 'number' ? `image ${image}` : `the ${image}`);

/**
 * The error for a photograph.
 *
 * @param predicate completes the sentence "Image 2 …"
 */
export function imageError(code: ErrorCode, image: ImageName, predicate: string): ServiceError {
  const subject = inWords(image);
  return new ServiceError(code, `${subject.charAt(0).toUpperCase()}${subject.slice(1)} ${predicate}.`, image);
}

/** The error for one photograph or both. For both, it takes the first one's code and lists each. */
export function photographError(first: ServiceError, second?: ServiceError): ServiceError {
  if (second === undefined) return first;
  return new ServiceError(first.code, `${first.message} ${second.message}`, first.image, [first, second]);
}

/** The error for a photograph that exceeds the byte limit. */
export const imageTooLarge = (image: ImageName, maxImageBytes: number): ServiceError =>
  imageError('IMAGE_TOO_LARGE', image, `is larger than ${maxImageBytes} bytes`);

/** The error for a body larger than two photographs at the limit. */
export function bodyTooLarge(): ServiceError {
  return new ServiceError('BODY_TOO_LARGE', 'The body is larger than two of the largest photographs allowed.');
}
