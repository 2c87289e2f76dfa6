import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from './base64.js';

/** Bytes whose base64 fills one slice of the decoder. */
const SLICE_BYTES = 24 * 1024;

const decode = (text: string): Buffer | undefined => decodeBase64(text);
const replaced = (text: string, at: number, by: string): string => text.slice(0, at) + by + text.slice(at + by.length);

describe('decodeBase64', () => {
  const sizes = [0, 1, 2, 3, 100];
  const aroundSlices = [1, 2].flatMap((slices) => [-2, -1, 0, 1, 2].map((more) => slices * SLICE_BYTES + more));

  it.each([...sizes, ...aroundSlices])('decodes %i bytes in both alphabets, padded or not', (size) => {
    const bytes = randomBytes(size);
    const padded = bytes.toString('base64');
    expect(decode(padded)?.equals(bytes)).toBe(true);
    expect(decode(padded.replace(/=+$/, ''))?.equals(bytes)).toBe(true);
    expect(decode(bytes.toString('base64url'))?.equals(bytes)).toBe(true);
  });

  it.each(['\n', ' ', '=', '%', '"', 'é', '\0'])('refuses %j anywhere', (intruder) => {
    const text = randomBytes(2 * SLICE_BYTES).toString('base64');
    const boundary = text.length / 2;
    for (const at of [0, 1, 500, boundary - 1, boundary, boundary + 1, text.length - 5]) {
      expect(decode(replaced(text, at, intruder)), `at ${at}`).toBeUndefined();
    }
  });

  it.each(['A', 'AAAAA', 'AAAA===', 'A===', 'AAA==', 'AA=', '=', '===='])(
    'refuses %s, which has no possible length',
    (text) => {
      expect(decode(text)).toBeUndefined();
    },
  );
});
