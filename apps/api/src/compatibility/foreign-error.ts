import { errorEntry } from '../errors/error-table.js';
import type { ErrorAnswer } from '../errors/problem.js';
import type { ServiceError } from '../errors/service-error.js';

/**
 * An error as another product writes it.
 *
 * @param status HTTP status; the service's own where the product has none for it
 */
export function foreignError({ code }: ServiceError, body: object, status = errorEntry(code).status): ErrorAnswer {
  const { retryAfter } = errorEntry(code);
  return {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
    },
    body: JSON.stringify(body),
  };
}
