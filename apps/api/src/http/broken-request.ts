import { STATUS_CODES } from 'node:http';
import { randomUUID } from 'node:crypto';
import { toProblem } from '../errors/problem.js';
import { ServiceError } from '../errors/service-error.js';

/** A response to input that never became a request, and so has no RequestLife and no response object. */
export interface BrokenAnswer {
  readonly id: string;
  readonly error: ServiceError;
  readonly status: number;
  /** The response as sent; the connection is closed after it. */
  readonly text: string;
}

/**
 * Answers input that Node's parser rejects, with the same problem document that a request would get.
 *
 * @param code of Node's error: HPE_… from its parser, ERR_HTTP_REQUEST_TIMEOUT
 * @param headers of every response
 */
export function answerBroken(code: string, headers: Readonly<Record<string, string>>): BrokenAnswer {
  const id = randomUUID();
  const error = brokenError(code);
  const { status, headers: own, body } = toProblem(error, id);
  const all = {
    ...headers,
    ...own,
    'X-Request-Id': id,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return { id, error, status, text: `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}` };
}

/** Maps Node's error code for unreadable input to an error for the client. */
export function brokenError(code: string): ServiceError {
  switch (code) {
    case 'CONNECT':
      return new ServiceError('INVALID_REQUEST', 'CONNECT is not supported; this is not a proxy.');
    case 'HPE_HEADER_OVERFLOW':
      return new ServiceError('HEADERS_TOO_LARGE', 'The headers exceed 16 kB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ServiceError('REQUEST_TIMEOUT', 'The request did not arrive in time.');
    default:
      return new ServiceError('INVALID_REQUEST', 'This is not valid HTTP.');
  }
}
