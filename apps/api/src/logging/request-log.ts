import type { Logger } from 'pino';
import type { ErrorCode } from '../errors/error-table.js';

/** What the log tells of a request. */
export interface RequestFacts {
  readonly id: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The one that was sent, or 499 where the caller had gone away. */
  readonly status: number;
  readonly code?: ErrorCode | undefined;
  /** Milliseconds since it arrived. */
  readonly totalMs: number;
  readonly stages?: Readonly<Record<string, number>> | undefined;
  readonly address?: string | undefined;
}

/** Writes a request's line: what was asked for, how it ended and what each stage took. No body, no header, no query. */
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

/** Probes and scrapes come every few seconds; they are logged only where somebody looks for them. */
function levelOf(path: string, status: number): 'debug' | 'info' | 'error' {
  if (path.startsWith('/health/') || path === '/metrics') return 'debug';
  return status >= 500 ? 'error' : 'info';
}

/** Nobody's route is longer; a scanner's need not fill the log. */
const MAX_ROUTE = 60;
