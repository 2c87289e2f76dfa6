import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import { ipKeyGenerator, rateLimit, type RateLimitInfo } from 'express-rate-limit';
import { isIP } from 'node:net';
import { ServiceError } from '../errors/service-error.js';

const MINUTE_MS = 60_000;

/** Counts a comparison of a caller. Rejects with a ServiceError RATE_LIMITED where there are too many. */
export type RateLimit = (request: IncomingMessage, response: ServerResponse, caller: string) => Promise<void> | void;

/**
 * Limits the comparisons of one caller, told apart by key or, without keys, by address (IPv6 by its /56 network).
 * Counted in this process alone: behind a load balancer the limit is per replica.
 *
 * @param perMinute how many; 0 for no limit
 */
export function comparisonRateLimit(perMinute: number): RateLimit {
  if (perMinute === 0) return () => undefined;
  const callers = new WeakMap<IncomingMessage, string>();
  const handle = rateLimit({
    windowMs: MINUTE_MS,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Its checks are of Express' request.ip, which is not used.
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
      // Of Express' request and response it uses nothing that Node's have not, but for the name of this method.
      const named = Object.assign(response, { append: response.appendHeader.bind(response) }) as unknown as Response;
      void handle(request as Request, named, (error?: unknown) => {
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  };
}
