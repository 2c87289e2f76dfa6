import type { FaceWarning } from '#face';
import type { ErrorCode } from '../errors/error-table.js';
import { toProblem } from '../errors/problem.js';
import type { ProblemDto } from '../errors/problem.dto.js';
import { photographError, ServiceError } from '../errors/service-error.js';

/** Errors of documented operations: all but those for unknown paths and methods. */
export type DocumentedCode = Exclude<ErrorCode, 'NOT_FOUND' | 'METHOD_NOT_ALLOWED'>;

export const REQUEST_ID = '4f0c4c1e-9f0e-4a53-a4a3-6a4b1f1c2d3e';

const general = (detail: string) => ({ detail, image: undefined, reasons: [] });
const ofImage2 = (detail: string, reasons: readonly FaceWarning[] = []) => ({ detail, image: 2 as const, reasons });

/** The service's message for each error, with its default settings (and 60 comparisons a minute). */
const EXAMPLES: Readonly<Record<DocumentedCode, ReturnType<typeof general> | ReturnType<typeof ofImage2>>> = {
  INVALID_REQUEST: general('threshold must be a number from -1 to 1.'),
  INVALID_BASE64: ofImage2('Image 2 is neither valid base64 nor a base64 data: URL.'),
  UNSUPPORTED_FORMAT: ofImage2('Image 2 is a PDF; send the picture in it as a JPEG or PNG.'),
  UNREADABLE_IMAGE: ofImage2('Image 2 is truncated or damaged (JPEG).'),
  UNAUTHORIZED: general('A valid API key is required.'),
  REQUEST_TIMEOUT: general('The request did not arrive in time.'),
  BODY_TOO_LARGE: general('The body is larger than two of the largest photographs allowed.'),
  IMAGE_TOO_LARGE: ofImage2('Image 2 is larger than 10485760 bytes.'),
  TOO_MANY_PIXELS: ofImage2('Image 2 is 9000×6000 px; at most 50 megapixels are accepted.'),
  UNSUPPORTED_MEDIA_TYPE: general('Send application/json or multipart/form-data.'),
  EXPECTATION_FAILED: general('The only supported expectation is 100-continue.'),
  IMAGE_TOO_SMALL: ofImage2('Image 2 is 16×16 px; both sides must be at least 20 px.'),
  NO_FACE: ofImage2('No face detected in image 2.'),
  MULTIPLE_FACES: ofImage2('Image 2 shows 2 faces; besides the largest, none may have half its height or more.'),
  LOW_QUALITY: ofImage2('Image 2 has warnings that reject_on lists: SEVERAL_FACES.', ['SEVERAL_FACES']),
  HEADERS_TOO_LARGE: general('The headers exceed 16 kB.'),
  RATE_LIMITED: general('The limit of 60 comparisons per minute is used up.'),
  INTERNAL: general(`Something went wrong on our side. Request id: ${REQUEST_ID}.`),
  OVERLOADED: general('Too many photographs are waiting; try again in a moment.'),
  WORKER_LOST: general('The worker that was processing the photographs died; try again.'),
  DEADLINE_EXCEEDED: general('The response was not ready in time.'),
};

/** Every code in this table. */
export const DOCUMENTED_CODES = Object.keys(EXAMPLES) as DocumentedCode[];

/** An error in response to a request with photographs. */
export function errorExample(code: DocumentedCode): ServiceError {
  const { detail, image, reasons } = EXAMPLES[code];
  return new ServiceError(code, detail, image, [], reasons);
}

/** Its problem document. */
export const problemExample = (code: DocumentedCode): ProblemDto => asSent(errorExample(code));

/** The problem document of INVALID_REQUEST for a request that has no fields. */
export const withoutHostExample = (): ProblemDto =>
  asSent(new ServiceError('INVALID_REQUEST', 'A request needs one Host header.'));

/** The problem document for two bad photographs; it has the first one's code. */
export function bothPhotographsExample(): ProblemDto {
  const first = new ServiceError('IMAGE_TOO_SMALL', 'Image 1 is 16×16 px; both sides must be at least 20 px.', 1);
  const second = new ServiceError('NO_FACE', EXAMPLES.NO_FACE.detail, 2);
  return asSent(photographError(first, second));
}

const asSent = (error: ServiceError): ProblemDto => JSON.parse(toProblem(error, REQUEST_ID).body) as ProblemDto;
