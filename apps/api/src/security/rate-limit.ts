import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit, type RateLimitInfo } from 'express-rate-limit';
import { ServiceError } from '../errors/service-error.js';

const MINUTE_MS = 60_000;

/**
 * Limits the comparisons of one caller, told apart by key or, without keys, by address (IPv6 by its /56 network).
 * Counted in this process alone: behind a load balancer the limit is per replica.
 */
export function comparisonRateLimit(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: perMinute,
    skip: () => perMinute === 0,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: ({ ip = '' }, { locals }) => (locals['caller'] as string | undefined) ?? ipKeyGenerator(ip),
    handler: (request, response, next) => {
      const { resetTime } = (request as Request & { readonly rateLimit: RateLimitInfo }).rateLimit;
      const seconds = Math.ceil(((resetTime?.getTime() ?? 0) - Date.now()) / 1000);
      response.setHeader('Retry-After', Math.max(1, seconds));
      next(new ServiceError('RATE_LIMITED', `The limit of ${perMinute} a minute is used up.`));
    },
  });
}
