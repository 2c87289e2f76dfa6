import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import { InferenceError } from '#inference';
import type { ErrorCode } from '../errors/error-table.js';
import { ServiceError } from '../errors/service-error.js';

/** What is known of a request from its arrival on. */
export interface RequestContext {
  /** From the X-Request-Id header, or made up. */
  readonly id: string;
  /** On the clock of `performance.now()`, in milliseconds. */
  readonly arrivedAt: number;
  /** Aborts when the deadline has passed or the caller has gone away; its reason is an InferenceError. */
  readonly signal: AbortSignal;
  /** The error it was answered with, if any. */
  code?: ErrorCode;
  /** Milliseconds each stage took, for the log. */
  stages?: Readonly<Record<string, number>>;
}

/** Made once: it is the end of every request, answered or not. */
const GONE = new InferenceError('CANCELLED', 'the caller has gone away');

/** Longer or stranger ids than these are not repeated into logs and answers. */
const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;

/** The id that a caller has given to a request, or a new one. */
export function requestId({ headers }: IncomingMessage): string {
  // Of several, Node makes one, in which the comma is not acceptable.
  const given = headers['x-request-id'] as string | undefined;
  return given !== undefined && ACCEPTABLE_ID.test(given) ? given : randomUUID();
}

/**
 * Gives every request an id and a deadline, before anything else looks at it. A body that is still arriving at the
 * deadline is cut off.
 */
export function requestContext(timeoutMs: number): RequestHandler {
  return (request: Request, response: Response, next) => {
    const id = requestId(request);
    const controller = new AbortController();
    const timer = setTimeout(() => {
      controller.abort(new InferenceError('DEADLINE_EXCEEDED', `no answer within ${timeoutMs} ms`));
      if (request.complete) return;
      response.setHeader('Connection', 'close');
      next(new ServiceError('REQUEST_TIMEOUT', 'The body did not arrive in time.'));
    }, timeoutMs);
    response.once('close', () => {
      clearTimeout(timer);
      controller.abort(GONE);
    });
    const context: RequestContext = { id, arrivedAt: performance.now(), signal: controller.signal };
    response.locals['context'] = context;
    response.setHeader('X-Request-Id', id);
    next();
  };
}

/** Not a status that was sent: the caller had gone away (as nginx logs it). */
const CLIENT_CLOSED_REQUEST = 499;

/** How a request ended, once its response is closed. */
export function finalStatus(response: Response): number {
  return response.writableFinished ? response.statusCode : CLIENT_CLOSED_REQUEST;
}

/** The context of the request that this response answers. */
export function contextOf(response: Response): RequestContext {
  return response.locals['context'] as RequestContext;
}
