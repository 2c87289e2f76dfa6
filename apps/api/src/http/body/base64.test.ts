import { randomBytes } from 'node:crypto';
import { array, assert, constantFrom, nat, property, string, stringMatching, tuple, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Base64Decoder, decodeBase64 } from './base64.js';

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

  it.each(['=', '%', '"', 'é', 'Ł', '\0'])('rejects %j anywhere', (intruder) => {
    const text = randomBytes(2 * SLICE_BYTES).toString('base64');
    const boundary = text.length / 2;
    for (const at of [0, 1, 500, boundary - 1, boundary, boundary + 1, text.length - 5]) {
      expect(decode(replaced(text, at, intruder)), `at ${at}`).toBeUndefined();
    }
  });

  it.each(['A', 'AAAAA', 'AAAA===', 'A===', 'AAA==', 'AA=', '=', '===='])(
    'rejects %s, an impossible length',
    (text) => {
      expect(decode(text)).toBeUndefined();
    },
  );

  it('accepts line breaks and blanks anywhere, and a data: URL', () => {
    const bytes = randomBytes(SLICE_BYTES);
    const lines = bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
    expect(decode(` ${lines}\n`)?.equals(bytes)).toBe(true);
    expect(decode(`data:image/jpeg;base64,${lines}`)?.equals(bytes)).toBe(true);
    expect(decode(`data:image/jpeg,${lines}`)).toBeUndefined();
  });
});

describe('the prefix of a data: URL', () => {
  const bytes = randomBytes(100);
  const encoded = bytes.toString('base64');

  it.each([
    ' data:image/jpeg;base64,',
    'data:image/jpeg; base64,',
    'data: image/jpeg ; charset=utf-8 ;\r\n base64 , ',
    'DATA:IMAGE/JPEG;BASE64,',
    'Data:;Base64,',
    `data:image/jpeg;${' '.repeat(900)}base64,`,
  ])('may contain blanks, in any case: %j', (prefix) => {
    expect(decode(`${prefix}${encoded}`)?.equals(bytes)).toBe(true);
  });

  it.each(['data', 'data:image/jpeg', 'data:image/jpeg;base64', 'date:image/jpeg;base64,', 'data:image/jpeg,base64,'])(
    'does not match: %s',
    (prefix) => {
      const decoded = decode(`${prefix}${encoded}`);
      expect(decoded?.equals(bytes) ?? false).toBe(false);
    },
  );
});

describe('Base64Decoder', () => {
  it('joins chunks of any length', () => {
    const bytes = randomBytes(500);
    const text = bytes.toString('base64');
    for (const length of [1, 2, 3, 4, 5, 7, 64, 1000]) {
      const decoder = new Base64Decoder(text.length);
      for (let at = 0; at < text.length; at += length) expect(decoder.push(text.slice(at, at + length))).toBe(true);
      expect(decoder.finish()?.equals(bytes), `in pieces of ${length}`).toBe(true);
    }
  });

  it('decodes any bytes, in either alphabet, padded or not, with any line breaks and chunks', () => {
    const blanks = array(tuple(nat(400), constantFrom(' ', '\n', '\r\n', '\t')), { maxLength: 5 });
    const cuts = array(nat(400), { maxLength: 5 });
    const writing = constantFrom<(bytes: Buffer) => string>(
      (bytes) => bytes.toString('base64'),
      (bytes) => bytes.toString('base64url'),
      (bytes) => bytes.toString('base64').replace(/=+$/, ''),
    );
    assert(
      property(uint8Array({ maxLength: 300 }), writing, blanks, cuts, (values, write, inserted, ends) => {
        const bytes = Buffer.from(values);
        const text = inserted.reduce((all, [at, blank]) => all.slice(0, at) + blank + all.slice(at), write(bytes));
        const decoder = new Base64Decoder(text.length);
        const places = [0, ...ends.toSorted((a, b) => a - b), text.length];
        for (const [i, end] of places.slice(1).entries()) expect(decoder.push(text.slice(places[i], end))).toBe(true);
        expect(decoder.finish()?.equals(bytes)).toBe(true);
      }),
    );
  });

  it('accepts exactly what is base64', () => {
    const sound = /^(?:[\w+/-]{4})*(?:[\w+/-]{2}(?:==)?|[\w+/-]{3}=?)?$/;
    assert(
      property(stringMatching(/^[\w+/=\n -]{0,20}$/), (text) => {
        const decoded = decodeBase64(text);
        expect(decoded !== undefined).toBe(sound.test(text.replace(/[\n ]/g, '')));
        if (decoded !== undefined) expect(decoded.equals(Buffer.from(text, 'base64'))).toBe(true);
      }),
    );
    assert(
      property(string({ minLength: 1, unit: 'grapheme' }), (text) => {
        if (/[^\w+/=\s-]/.test(text)) expect(decodeBase64(text)).toBeUndefined();
      }),
    );
  });

  it('rejects anything after padding', () => {
    const decoder = new Base64Decoder(100);
    expect(decoder.push('AA=')).toBe(true);
    expect(decoder.pushGroups('AAAA')).toBe(false);
    expect(decoder.push('=AAAA')).toBe(false);
  });
});
