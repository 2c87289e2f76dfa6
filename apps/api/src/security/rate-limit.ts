import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import { ipKeyGenerator, rateLimit, type RateLimitInfo, type Store } from 'express-rate-limit';
import { isIP } from 'node:net';
import { RATE_WINDOW_MS, type RateCounter } from '../cluster/rate-counter.js';
import { ServiceError } from '../errors/service-error.js';

/** Counts a client's comparison. Rejects with a ServiceError RATE_LIMITED above the limit. */
export type RateLimit = (request: IncomingMessage, response: ServerResponse, caller: string) => Promise<void> | void;

/**
 * Limits comparisons per client, identified by key or, without keys, by address (IPv6 by its /56 network). Counts in
 * one service alone: behind a load balancer the limit is per replica.
 *
 * @param perMinute the limit; 0 for none
 * @param counter counts for all processes of the service; this process counts its own without it
 */
export function comparisonRateLimit(perMinute: number, counter?: RateCounter): RateLimit {
  if (perMinute === 0) return () => undefined;
  const callers = new WeakMap<IncomingMessage, string>();
  const handle = rateLimit({
    windowMs: RATE_WINDOW_MS,
    limit: perMinute,
    ...(counter !== undefined && { store: storeOf(counter) }),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // They check Express' request.ip, which is not used.
    validate: false,
    keyGenerator: (request) => {
      const caller = callers.get(request) ?? '';
      return isIP(caller) > 0 ? ipKeyGenerator(caller) : caller;
    },
    handler: (request, response, next) => {
      const { resetTime } = (request as Request & { readonly rateLimit: RateLimitInfo }).rateLimit;
      const seconds = Math.ceil(((resetTime?.getTime() ?? 0) - Date.now()) / 1000);
      response.setHeader('Retry-After', Math.max(1, seconds));
      next(new ServiceError('RATE_LIMITED', `The limit of ${perMinute} comparisons per minute is used up.`));
    },
  });
  return (request, response, caller) => {
    callers.set(request, caller);
    return new Promise((resolve, reject) => {
      // It uses only what Node's own request and response have, except for the name of this method.
      const named = Object.assign(response, { append: response.appendHeader.bind(response) }) as unknown as Response;
      void handle(request as Request, named, (error?: unknown) => {
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  };
}

/** A counter as the package wants it. Requests that are counted stay counted. */
const storeOf = (counter: RateCounter): Store => ({
  increment: counter,
  decrement: () => undefined,
  resetKey: () => undefined,
});
