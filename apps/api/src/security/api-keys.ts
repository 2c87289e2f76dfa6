import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Paths that orchestrators ask without a key. */
const OPEN_PATHS = new Set(['/', '/health/live', '/health/ready']);

/** Here a browser is told to ask for the key, which it then sends with everything, "Try it out" included. */
const DOCS_PATH = /^\/docs(?:\/|$)/;

const HASHED_KEY = /^sha256:([\da-f]{64})$/i;

/**
 * The keys that are valid: several at once, so that they can be changed one after the other. Only their hashes are kept,
 * and all of them are compared, in constant time.
 */
export class KeyRing {
  readonly #hashes: readonly Buffer[];

  /** @param keys plain, or `sha256:` and the hash in hexadecimal; none lets everyone through */
  constructor(keys: readonly string[]) {
    this.#hashes = keys.map(hashOf);
  }

  /** Whether everyone is let through. */
  get isEmpty(): boolean {
    return this.#hashes.length === 0;
  }

  /** The hash, in hexadecimal, of the valid key that a request brings; undefined where it brings none. */
  authenticate(request: IncomingMessage): string | undefined {
    const hash = sha256(keyOf(request) ?? '');
    const matches = this.#hashes.filter((known) => timingSafeEqual(known, hash)).length;
    return matches > 0 ? hash.toString('hex') : undefined;
  }
}

/** Whether a path is closed to callers without a key. */
export const needsKey = (path: string): boolean => !OPEN_PATHS.has(path);

/** How a caller without a valid key is asked for one (WWW-Authenticate, RFC 9110 section 11.6.1). */
export const signInScheme = (path: string): string => (DOCS_PATH.test(path) ? 'Basic realm="API key"' : 'Bearer');

function keyOf({ headers }: IncomingMessage): string | undefined {
  const { authorization = '' } = headers;
  const bearer = /^Bearer (\S+)$/i.exec(authorization)?.[1];
  const basic = /^Basic (\S+)$/i.exec(authorization)?.[1];
  // Of several, Node makes one, which is no key.
  const key = headers['x-api-key'] as string | undefined;
  return key ?? bearer ?? (basic && passwordOf(basic));
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
