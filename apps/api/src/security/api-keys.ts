import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { ServiceError } from '../errors/service-error.js';

/** Paths that orchestrators ask without a key. */
const OPEN_PATHS = new Set(['/', '/health/live', '/health/ready']);

const HASHED_KEY = /^sha256:([\da-f]{64})$/i;

/**
 * Lets only callers with a valid key through, on everything but health. Several keys are valid at once, so that they
 * can be changed one after the other. Only their hashes are kept, and all of them are compared, in constant time.
 *
 * @param keys plain, or `sha256:` and the hash in hexadecimal; none lets everyone through
 */
export function apiKeys(keys: readonly string[]): RequestHandler {
  const hashes = keys.map(hashOf);
  return (request, response, next) => {
    if (hashes.length === 0 || OPEN_PATHS.has(request.path)) {
      next();
      return;
    }
    const hash = sha256(keyOf(request) ?? '');
    const matches = hashes.filter((known) => timingSafeEqual(known, hash)).length;
    if (matches > 0) {
      response.locals['caller'] = hash.toString('hex');
      next();
    } else {
      response.setHeader('WWW-Authenticate', 'Bearer');
      next(new ServiceError('UNAUTHORIZED', 'A valid API key is needed.'));
    }
  };
}

function keyOf(request: Request): string | undefined {
  return request.get('x-api-key') ?? /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
}

function hashOf(key: string): Buffer {
  const hexadecimal = HASHED_KEY.exec(key)?.[1];
  return hexadecimal === undefined ? sha256(key) : Buffer.from(hexadecimal, 'hex');
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
