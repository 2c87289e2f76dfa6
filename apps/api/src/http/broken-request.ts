import { STATUS_CODES } from 'node:http';
import { randomUUID } from 'node:crypto';
import { toProblem } from '../errors/problem.js';
import { ServiceError } from '../errors/service-error.js';

/** An answer to something that never became a request, and so has no life and no response. */
export interface BrokenAnswer {
  readonly id: string;
  readonly error: ServiceError;
  readonly status: number;
  /** As it goes over the wire; the connection is closed behind it. */
  readonly text: string;
}

/**
 * Answers what Node's parser refuses: the same problem document that a request would get.
 *
 * @param code of Node's error: HPE_… of its parser, ERR_HTTP_REQUEST_TIMEOUT
 * @param headers of every answer
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

/** What is told of something that Node could not read, by Node's code for it. */
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
