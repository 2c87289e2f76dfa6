import { FORMAT_NAMES } from '#face';

/** The client-facing part of an error. */
export interface ErrorEntry {
  readonly status: number;
  /** Identical for every occurrence (RFC 9457, section 3.1.3). */
  readonly title: string;
  /** What the client can do about it. */
  readonly advice: string;
  /** Seconds until a retry makes sense. */
  readonly retryAfter?: number;
}

/** Every error that the service returns. The OpenAPI document is generated from this table. */
export const ERROR_TABLE = {
  INVALID_REQUEST: {
    status: 400,
    title: 'Invalid request',
    advice: 'A field is missing, unknown or of the wrong type, or the body cannot be parsed; the detail says which.',
  },
  INVALID_BASE64: {
    status: 400,
    title: 'Invalid base64',
    advice: 'Send plain base64 (RFC 4648) or a base64 data: URL.',
  },
  UNSUPPORTED_FORMAT: {
    status: 400,
    title: 'Unsupported image format',
    advice: `Send a ${FORMAT_NAMES} picture.`,
  },
  UNREADABLE_IMAGE: {
    status: 400,
    title: 'Unreadable image',
    advice: 'The file is truncated or damaged; send the complete file again.',
  },
  UNAUTHORIZED: {
    status: 401,
    title: 'Unauthorized',
    advice: 'Send a valid key in X-API-Key, or as Authorization: Bearer.',
  },
  NOT_FOUND: { status: 404, title: 'Not found', advice: 'See /docs for the available paths.' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed', advice: 'Use the method named in Allow.' },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'Request timeout',
    advice: 'The body did not arrive in time; send it faster, or send a smaller one.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'Body too large',
    advice: 'The body is larger than two of the largest photographs allowed.',
  },
  IMAGE_TOO_LARGE: {
    status: 413,
    title: 'Photograph too large',
    advice: 'Scale the photograph down; 1024 px on the longer side is enough.',
  },
  TOO_MANY_PIXELS: {
    status: 413,
    title: 'Too many pixels',
    advice: 'Scale the photograph down; 1024 px on the longer side is enough.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    advice: 'Send application/json or multipart/form-data, uncompressed, in UTF-8.',
  },
  EXPECTATION_FAILED: {
    status: 417,
    title: 'Expectation failed',
    advice: 'Only Expect: 100-continue is supported; otherwise leave the header out.',
  },
  IMAGE_TOO_SMALL: {
    status: 422,
    title: 'Photograph too small',
    advice: 'Send a photograph of at least 20 px on each side.',
  },
  NO_FACE: { status: 422, title: 'No face detected', advice: 'Send a photograph that shows a face.' },
  MULTIPLE_FACES: {
    status: 422,
    title: 'Multiple faces',
    advice: 'With face_selection "single" a photograph must show one person alone: crop it, or ask for another one.',
  },
  LOW_QUALITY: {
    status: 422,
    title: 'Quality too low',
    advice: 'The face has a warning that reject_on lists; reasons says which. Ask for another photograph.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'Headers too large',
    advice: 'Send fewer or shorter headers, 16 kB at most.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests',
    advice: 'The rate limit of this key or address is used up; try again after the time in Retry-After.',
  },
  INTERNAL: {
    status: 500,
    title: 'Internal error',
    advice: 'Only the request id is reported; the log has the cause under this id.',
  },
  OVERLOADED: {
    status: 503,
    title: 'Overloaded',
    advice: 'Too many photographs are waiting; try again after the time in Retry-After.',
    retryAfter: 1,
  },
  WORKER_LOST: {
    status: 503,
    title: 'Worker lost',
    advice: 'The worker died while processing the photograph; try again.',
    retryAfter: 1,
  },
  DEADLINE_EXCEEDED: {
    status: 504,
    title: 'Deadline exceeded',
    advice: 'The response was not ready in time; try again when the service is less busy.',
  },
} as const satisfies Record<string, ErrorEntry>;

/** The stable codes that clients can rely on. */
export type ErrorCode = keyof typeof ERROR_TABLE;

export const errorEntry = (code: ErrorCode): ErrorEntry => ERROR_TABLE[code];
