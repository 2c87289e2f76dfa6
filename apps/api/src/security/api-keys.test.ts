import { createHash } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { assert, property, string, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyRing, needsKey, signInScheme } from './api-keys.js';

const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');

/** A request with these headers, as Node's parser delivers them. */
const withHeaders = (headers: Record<string, string>): IncomingMessage =>
  Object.assign(new IncomingMessage(new Socket()), { headers });

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;

/** A valid key: fits into a header and into a comma-separated list. */
const aKey = stringMatching(/^[!-+\--~]{1,40}$/).filter((key) => !key.toLowerCase().startsWith('sha256:'));

describe('KeyRing', () => {
  it('accepts a key, configured plain or hashed, in any header, and returns its hash', () => {
    assert(
      property(aKey, string(), (key, user) => {
        const places = [
          { 'x-api-key': key },
          { authorization: `Bearer ${key}` },
          { authorization: `bEARER ${key}` },
          { authorization: basic(`${user.replaceAll(':', '')}:${key}`) },
        ];
        for (const set of [key, `sha256:${sha256(key)}`, `SHA256:${sha256(key).toUpperCase()}`]) {
          const ring = new KeyRing(['another', set]);
          for (const headers of places) expect(ring.authenticate(withHeaders(headers))).toBe(sha256(key));
        }
      }),
    );
  });

  it('accepts no other key', () => {
    assert(
      property(aKey, aKey, (key, other) => {
        const found = new KeyRing([key]).authenticate(withHeaders({ 'x-api-key': other }));
        expect(found).toBe(other === key ? sha256(key) : undefined);
      }),
    );
  });

  it.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['an empty key', { 'x-api-key': '' }],
    ['the hash instead of its key', { 'x-api-key': sha256('key') }],
    ['the hash as configured', { 'x-api-key': `sha256:${sha256('key')}` }],
    ['two keys in one header', { 'x-api-key': 'key, key' }],
    ['a wrong key next to the right one', { 'x-api-key': 'wrong', authorization: 'Bearer key' }],
    ['a key without a scheme', { authorization: 'key' }],
    ['a key with another scheme', { authorization: 'Digest key' }],
    ['a key as the user name', { authorization: basic('key:') }],
    ['credentials that are not base64', { authorization: 'Basic %' }],
  ])('refuses %s', (_, headers) => {
    const ring = new KeyRing(['key', `sha256:${sha256('other')}`]);

    expect(ring.authenticate(withHeaders(headers))).toBeUndefined();
    expect(ring.isEmpty).toBe(false);
  });

  it('admits everyone if empty', () => {
    expect(new KeyRing([]).isEmpty).toBe(true);
  });
});

it.each([
  ['/', false],
  ['/health/live', false],
  ['/health/ready', false],
  ['/health', true],
  ['/health/live/', true],
  ['/compare', true],
  ['/metrics', true],
  ['/docs', true],
])('%s requires a key: %s', (path, expected) => {
  expect(needsKey(path)).toBe(expected);
});

it.each([
  ['/docs', 'Basic realm="API key"'],
  ['/docs/', 'Basic realm="API key"'],
  ['/docs/swagger-ui.css', 'Basic realm="API key"'],
  ['/docs-of-mine', 'Bearer'],
  ['/compare', 'Bearer'],
])('a client without a key at %s gets the challenge %s', (path, scheme) => {
  expect(signInScheme(path)).toBe(scheme);
});
