import type { Logger } from 'pino';
import type { ErrorCode } from '../errors/error-table.js';

/** The logged facts of a request. */
export interface RequestFacts {
  readonly id: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The status sent, or 499 if the client had disconnected. */
  readonly status: number;
  readonly code?: ErrorCode | undefined;
  /** Milliseconds since it arrived. */
  readonly totalMs: number;
  readonly stages?: Readonly<Record<string, number>> | undefined;
  readonly address?: string | undefined;
}

/** Logs a request: what was requested, how it ended and how long each stage took. No body, headers or query. */
export function logRequest(
  logger: Logger,
  { id, method, path, status, code, totalMs, stages, address }: RequestFacts,
): void {
  logger[levelOf(path, status)](
    {
      request_id: id,
      method,
      route: path.slice(0, MAX_ROUTE),
      status,
      ...(code !== undefined && { code }),
      total_ms: Math.round(totalMs),
      ...(stages !== undefined && { stages }),
      ...(address !== undefined && { address }),
    },
    'request',
  );
}

/** Probes and scrapes arrive every few seconds; they are logged at debug only. */
function levelOf(path: string, status: number): 'debug' | 'info' | 'error' {
  if (path.startsWith('/health/') || path === '/metrics') return 'debug';
  return status >= 500 ? 'error' : 'info';
}

/** No real route is longer; a scanner's must not fill the log. */
const MAX_ROUTE = 60;
