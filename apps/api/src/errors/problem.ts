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
export function toProblem({ code, message, image, errors, reasons }: ServiceError, requestId: string): ErrorAnswer {
  const { status, title, retryAfter } = errorEntry(code);
  const problem: ProblemDto = {
    status,
    title,
    detail: message,
    code,
    ...named(image),
    ...(reasons.length > 0 && { reasons }),
    ...(errors.length > 0 && { errors: errors.map(photographProblem) }),
    request_id: requestId,
  };
  return {
    status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
    },
    body: JSON.stringify(problem),
  };
}

function photographProblem({ code, image, message, reasons }: ServiceError): PhotographProblemDto {
  return { code, detail: message, ...named(image), ...(reasons.length > 0 && { reasons }) };
}

/** The photograph at fault, unless it is one of many. */
const named = (image: ServiceError['image']): Pick<ProblemDto, 'image'> =>
  image === undefined || image === 'candidate' ? {} : { image };
