import { errorEntry } from './error-table.js';
import type { PhotographProblemDto, ProblemDto } from './problem.dto.js';
import type { ServiceError } from './service-error.js';

/** An error response. */
export interface ErrorAnswer {
  readonly status: number;
  /** Content-Type and, if a retry makes sense, Retry-After. */
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
}

/** Writes an error response. */
export type ErrorFormat = (error: ServiceError, requestId: string) => ErrorAnswer;

/** Converts an error to a problem document (RFC 9457). */
export function toProblem(error: ServiceError, requestId: string): ErrorAnswer {
  const { status, retryAfter } = errorEntry(error.code);
  const problem: ProblemDto = { ...problemOf(error), request_id: requestId };
  return {
    status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
    },
    body: JSON.stringify(problem),
  };
}

/** What a problem document says of an error, whichever request it is of. */
export function problemOf(error: ServiceError): Omit<ProblemDto, 'request_id'> {
  const { code, message, image, errors, reasons } = error;
  const { status, title } = errorEntry(code);
  return {
    status,
    title,
    detail: message,
    code,
    ...named(image),
    ...(reasons.length > 0 && { reasons }),
    ...(errors.length > 0 && { errors: errors.map(photographProblem) }),
  };
}

function photographProblem({ code, image, message, reasons }: ServiceError): PhotographProblemDto {
  return { code, detail: message, ...named(image), ...(reasons.length > 0 && { reasons }) };
}

/** The photograph at fault, unless it is one of many. */
const named = (image: ServiceError['image']): Pick<ProblemDto, 'image'> =>
  image === undefined || image === 'candidate' ? {} : { image };
