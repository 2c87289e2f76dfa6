import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { toProblem } from '../errors/problem.js';
import type { ServiceError } from '../errors/service-error.js';
import { toServiceError } from '../errors/to-service-error.js';
import type { Lifecycle } from '../health/lifecycle.js';
import { logRequest } from '../logging/request-log.js';
import type { Metrics } from '../metrics/metrics.js';
import type { KeyRing } from '../security/api-keys.js';
import type { Admission } from './admission.js';
import { requestId } from './request-context.js';
import { COMPARISONS } from './routes.js';

/** What a refusal looks at, and where it leaves its traces. */
export interface Shedding {
  readonly admission: Admission;
  readonly keys: KeyRing;
  readonly lifecycle: Lifecycle;
  /** Sent with every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * Refuses comparisons there is no place for before Express and Nest see them, as they would: same answer, log line and
 * metrics, for a third of the time. In an overload nearly all that the main thread does is refusing, on the cores that
 * the workers need. Whatever is not as plain as that goes the usual way, which is right for all of them: other paths and
 * spellings of these, callers without a valid key, browsers of other origins, and what arrives on the way out.
 */
export function shedLoad(server: Server, shedding: Shedding): void {
  const usual = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const { refusal } = shedding.admission;
    const error = refusal && toServiceError(refusal);
    if (error !== undefined && isPlain(request, shedding)) refuse(request, response, error, shedding);
    else for (const listener of usual) listener(request, response);
  });
}

function isPlain(request: IncomingMessage, { keys, lifecycle }: Shedding): boolean {
  return (
    request.method === 'POST' &&
    COMPARISONS.has(request.url ?? '') &&
    request.headers.origin === undefined &&
    !lifecycle.draining &&
    (keys.isEmpty || keys.callerOf(request) !== undefined)
  );
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  error: ServiceError,
  { headers, metrics, logger }: Shedding,
): void {
  const arrivedAt = performance.now();
  const id = requestId(request);
  const problem = toProblem(error, id);
  const length = Buffer.byteLength(problem.body);
  response.writeHead(problem.status, { ...headers, ...problem.headers, 'X-Request-Id': id, 'Content-Length': length });
  response.end(problem.body);
  const totalMs = performance.now() - arrivedAt;
  const { method = '', url: path = '' } = request;
  metrics.countRequest(path, problem.status, error.code, totalMs / 1000);
  logRequest(logger, { id, method, path, status: problem.status, code: error.code, totalMs });
}
