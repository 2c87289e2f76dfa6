import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { ServiceError } from '../errors/service-error.js';

/** Paths that orchestrators ask without a key. */
const OPEN_PATHS = new Set(['/', '/health/live', '/health/ready']);

/** Here a browser is told to ask for the key, which it then sends with everything, "Try it out" included. */
const DOCS_PATH = /^\/docs(?:\/|$)/;

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
      response.setHeader('WWW-Authenticate', DOCS_PATH.test(request.path) ? 'Basic realm="API key"' : 'Bearer');
      next(new ServiceError('UNAUTHORIZED', 'A valid API key is needed.'));
    }
  };
}

function keyOf(request: Request): string | undefined {
  const authorization = request.get('authorization') ?? '';
  const bearer = /^Bearer (\S+)$/i.exec(authorization)?.[1];
  const basic = /^Basic (\S+)$/i.exec(authorization)?.[1];
  return request.get('x-api-key') ?? bearer ?? (basic && passwordOf(basic));
}

/** The password of HTTP's basic authentication (RFC 7617); the user's name is of no interest. */
function passwordOf(credentials: string): string {
  const [, ...password] = Buffer.from(credentials, 'base64').toString().split(':');
  return password.join(':');
}

function hashOf(key: string): Buffer {
  const hexadecimal = HASHED_KEY.exec(key)?.[1];
  return hexadecimal === undefined ? sha256(key) : Buffer.from(hexadecimal, 'hex');
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
