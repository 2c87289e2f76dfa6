import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { contextOf, finalStatus } from '../http/request-context.js';

/**
 * Logs one line for each request once it is answered or given up: who asked for what, how it ended and what each stage
 * took. No body, no header, no query and, unless wanted, no address goes into it.
 */
export function requestLog(logger: Logger, logAddresses: boolean): RequestHandler {
  return (request: Request, response: Response, next) => {
    response.once('close', () => {
      const { id, arrivedAt, code, stages } = contextOf(response);
      logger[levelOf(request.path, response.statusCode)](
        {
          request_id: id,
          method: request.method,
          route: request.path.slice(0, MAX_ROUTE),
          status: finalStatus(response),
          ...(code !== undefined && { code }),
          total_ms: Math.round(performance.now() - arrivedAt),
          ...(stages !== undefined && { stages }),
          ...(logAddresses && { address: request.ip }),
        },
        'request',
      );
    });
    next();
  };
}

/** Probes and scrapes come every few seconds; they are logged only where somebody looks for them. */
function levelOf(path: string, status: number): 'debug' | 'info' | 'error' {
  if (path.startsWith('/health/') || path === '/metrics') return 'debug';
  return status >= 500 ? 'error' : 'info';
}

/** Nobody's route is longer; a scanner's need not fill the log. */
const MAX_ROUTE = 60;
