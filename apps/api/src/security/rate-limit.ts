import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import { ipKeyGenerator, rateLimit, type RateLimitInfo } from 'express-rate-limit';
import { isIP } from 'node:net';
import { ServiceError } from '../errors/service-error.js';

const MINUTE_MS = 60_000;

/** Counts a client's comparison. Rejects with a ServiceError RATE_LIMITED above the limit. */
export type RateLimit = (request: IncomingMessage, response: ServerResponse, caller: string) => Promise<void> | void;

/**
 * Limits comparisons per client, identified by key or, without keys, by address (IPv6 by its /56 network). Counts in
 * this process alone: behind a load balancer the limit is per replica.
 *
 * @param perMinute the limit; 0 for none
 */
export function comparisonRateLimit(perMinute: number): RateLimit {
  if (perMinute === 0) return () => undefined;
  const callers = new WeakMap<IncomingMessage, string>();
  const handle = rateLimit({
    windowMs: MINUTE_MS,
    limit: perMinute,
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
