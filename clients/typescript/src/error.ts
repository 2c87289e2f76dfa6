import type { components } from './schema.js';

type Problem = components['schemas']['Problem'];

/** Codes of what is not an answer of the service. */
export type ClientErrorCode =
  /** The connection failed or broke before the answer was complete. */
  | 'CONNECTION_FAILED'
  /** No answer within the client's own timeout. */
  | 'TIMEOUT'
  /** An answer that is not the service's, such as a proxy's page. */
  | 'UNEXPECTED_RESPONSE';

/** Codes of the service, and of the client. Later versions of the service may have others. */
export type FaceComparisonErrorCode = Problem['code'] | ClientErrorCode | (string & {});

/** What is known of a failure; `status` and what follows only of an answer. */
export interface FailureDescription {
  readonly code: FaceComparisonErrorCode;
  readonly detail: string;
  readonly status?: number | undefined;
  readonly image?: Problem['image'] | undefined;
  readonly reasons?: Problem['reasons'] | undefined;
  readonly errors?: Problem['errors'] | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** A request that failed. Aborted requests throw the reason of their signal instead. */
export class FaceComparisonError extends Error {
  override readonly name = 'FaceComparisonError';
  /** The kind of failure, for programs. */
  readonly code: FaceComparisonErrorCode;
  /** What happened, in a sentence; also the message. */
  readonly detail: string;
  /** The HTTP status; undefined without an answer. */
  readonly status: number | undefined;
  /** The photograph at fault, if one is: 1 or 2, `image`, or `reference`. */
  readonly image: Problem['image'];
  /** For LOW_QUALITY: the warnings that `reject_on` lists. */
  readonly reasons: NonNullable<Problem['reasons']>;
  /** One entry per photograph, if both are at fault. */
  readonly errors: NonNullable<Problem['errors']>;
  /** Identifies the request in the service's log. */
  readonly requestId: string | undefined;
  /** How long the service asks to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(description: FailureDescription, options?: ErrorOptions) {
    super(description.detail, options);
    this.code = description.code;
    this.detail = description.detail;
    this.status = description.status;
    this.image = description.image;
    this.reasons = description.reasons ?? [];
    this.errors = description.errors ?? [];
    this.requestId = description.requestId;
    this.retryAfterMs = description.retryAfterMs;
  }

  /** Whether the same request may succeed later. */
  get isTransient(): boolean {
    return this.code === 'CONNECTION_FAILED' || TRANSIENT.has(this.status ?? 0);
  }
}

/** Rate limit, overload or a lost worker, deadline. */
const TRANSIENT: ReadonlySet<number> = new Set([429, 503, 504]);

/**
 * The error for an answer that is not a success.
 *
 * @param body parsed if it is JSON
 */
export function errorOf(response: Response, body: unknown): FaceComparisonError {
  const { status, headers } = response;
  const answer = {
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterMs: retryAfterMs(headers.get('retry-after')),
  };
  if (!isProblem(body)) {
    return new FaceComparisonError({
      ...answer,
      code: 'UNEXPECTED_RESPONSE',
      detail: `The answer has status ${status} and is not one of the service.`,
    });
  }
  const { code, detail, image, reasons, errors } = body;
  return new FaceComparisonError({ ...answer, code, detail, image, reasons, errors });
}

function isProblem(body: unknown): body is Problem {
  const { code, detail } = (body ?? {}) as Partial<Problem>;
  return typeof code === 'string' && typeof detail === 'string';
}

/**
 * Reads Retry-After (RFC 9110, section 10.2.3): seconds, or a date.
 *
 * @returns milliseconds, 0 or more; undefined if there is none, or it is neither
 */
export function retryAfterMs(value: string | null, now = Date.now()): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
