import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { InferenceError } from '#inference';

/** What is known of a request from its arrival on. */
export interface RequestContext {
  /** From the X-Request-Id header, or made up. */
  readonly id: string;
  /** On the clock of `performance.now()`, in milliseconds. */
  readonly arrivedAt: number;
  /** Aborts when the deadline has passed or the caller has gone away; its reason is an InferenceError. */
  readonly signal: AbortSignal;
}

/** Longer or stranger ids than these are not repeated into logs and answers. */
const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;

/** Gives every request an id and a deadline, before anything else looks at it. */
export function requestContext(timeoutMs: number): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const given = request.get('x-request-id');
    const id = given !== undefined && ACCEPTABLE_ID.test(given) ? given : randomUUID();
    const controller = new AbortController();
    const timer = setTimeout(() => {
      controller.abort(new InferenceError('DEADLINE_EXCEEDED', `no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    response.once('close', () => {
      clearTimeout(timer);
      controller.abort(new InferenceError('CANCELLED', 'the caller has gone away'));
    });
    response.locals['context'] = {
      id,
      arrivedAt: performance.now(),
      signal: controller.signal,
    } satisfies RequestContext;
    response.setHeader('X-Request-Id', id);
    next();
  };
}

/** The context of the request that this response answers. */
export function contextOf(response: Response): RequestContext {
  return response.locals['context'] as RequestContext;
}
