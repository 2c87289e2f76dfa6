import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Paths that orchestrators and the page request without a key. */
const OPEN_PATHS = new Set(['/', '/health/live', '/health/ready']);

/** Where the page's assets are. They are the same for everyone, and public. */
export const PAGE_ASSETS = '/page/';
const ASSET_PATH = /^\/page\/[\da-f]+\/[\w-]+\.(?:js|css|svg)$/;

/** Here, browsers are asked for the key; they then send it with every request, including "Try it out". */
const DOCS_PATH = /^\/docs(?:\/|$)/;

const HASHED_KEY = /^sha256:([\da-f]{64})$/i;

/**
 * The valid keys: several, so that they can be rotated. Only hashes are kept, and all are compared, in constant time.
 */
export class KeyRing {
  readonly #hashes: readonly Buffer[];

  /** @param keys plain, or `sha256:` and the hash in hexadecimal; an empty list admits everyone */
  constructor(keys: readonly string[]) {
    this.#hashes = keys.map(hashOf);
  }

  /** Whether everyone is admitted. */
  get isEmpty(): boolean {
    return this.#hashes.length === 0;
  }

  /** The hash, in hexadecimal, of a request's valid key; undefined if it has none. */
  authenticate(request: IncomingMessage): string | undefined {
    const hash = sha256(keyOf(request) ?? '');
    const matches = this.#hashes.filter((known) => timingSafeEqual(known, hash)).length;
    return matches > 0 ? hash.toString('hex') : undefined;
  }
}

/** Whether a path requires a key. */
export const needsKey = (path: string): boolean => !OPEN_PATHS.has(path) && !ASSET_PATH.test(path);

/** The WWW-Authenticate challenge for a client without a valid key (RFC 9110, section 11.6.1). */
export const signInScheme = (path: string): string => (DOCS_PATH.test(path) ? 'Basic realm="API key"' : 'Bearer');

function keyOf({ headers }: IncomingMessage): string | undefined {
  const { authorization = '' } = headers;
  const bearer = /^Bearer (\S+)$/i.exec(authorization)?.[1];
  const basic = /^Basic (\S+)$/i.exec(authorization)?.[1];
  // Node joins repeated headers, and the result matches no key.
  const key = headers['x-api-key'] as string | undefined;
  return key ?? bearer ?? (basic && passwordOf(basic));
}

/** The password of HTTP basic authentication (RFC 7617); the user name is ignored. */
function passwordOf(credentials: string): string {
  const [, ...password] = Buffer.from(credentials, 'base64').toString().split(':');
  return password.join(':');
}

function hashOf(key: string): Buffer {
  const hexadecimal = HASHED_KEY.exec(key)?.[1];
  return hexadecimal === undefined ? sha256(key) : Buffer.from(hexadecimal, 'hex');
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
