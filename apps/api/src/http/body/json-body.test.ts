import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  integer,
  json,
  jsonValue,
  nat,
  pre,
  string,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../errors/service-error.js';
import { PACKAGE_ROOT } from '../../package-root.js';
import { parseJsonBody } from './json-body.js';

const photograph = readFileSync(join(PACKAGE_ROOT, 'test/photographs/obama2.jpg')).subarray(0, 100_000);
const base64 = photograph.toString('base64');

const parse = (text: string): Promise<unknown> => parseJsonBody(Buffer.from(text));

describe('parseJsonBody', () => {
  it.each([
    ['as JSON.stringify writes it', JSON.stringify({ image1_base64: base64, threshold: 0.5 })],
    ['indented', JSON.stringify({ image1_base64: base64, threshold: 0.5 }, null, 2)],
    ['with a byte order mark', `\uFEFF${JSON.stringify({ image1_base64: base64, threshold: 0.5 })}`],
    ['after another member', `{"threshold":0.5,"image1_base64":"${base64}"}`],
    ['with blanks around the colon', `{"threshold":0.5,"image1_base64"  :\n\t"${base64}"}`],
  ])('decodes long base64, %s', async (_, text) => {
    await expect(parse(text)).resolves.toEqual({ image1_base64: photograph, threshold: 0.5 });
  });

  it('decodes several, each in its own place', async () => {
    const other = photograph.subarray(1);
    const text = JSON.stringify({ image1_base64: base64, image2_base64: other.toString('base64') });
    await expect(parse(text)).resolves.toEqual({ image1_base64: photograph, image2_base64: Buffer.from(other) });
  });

  it('decodes those of the objects in a list, if the body may have one', async () => {
    const items = [{ a: base64, b: 1 }, { c: [0.5], a: base64 }, 'short'];
    const text = JSON.stringify({ items, image_base64: base64 });
    const decoded = [{ a: photograph, b: 1 }, { c: [0.5], a: photograph }, 'short'];

    await expect(parseJsonBody(Buffer.from(text), undefined, 3)).resolves.toEqual({
      items: decoded,
      image_base64: photograph,
    });
    await expect(parse(text)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('allows no object more members than a body without a list may have', async () => {
    const members = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, 1]));
    const parseList = (value: unknown): Promise<unknown> =>
      parseJsonBody(Buffer.from(JSON.stringify(value)), undefined, 9);

    await expect(parseList({ items: [members(32)] })).resolves.toBeDefined();
    for (const many of [members(33), { items: [members(33)] }]) {
      await expect(parseList(many)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    }
  });

  it('allows as much more besides them as the list may have elements', async () => {
    const list = (count: number): Buffer => Buffer.from(JSON.stringify({ items: Array<number>(count).fill(0.125) }));

    await expect(parseJsonBody(list(1000), undefined, 2)).resolves.toMatchObject({ items: { length: 1000 } });
    await expect(parseJsonBody(list(1000), undefined, 1)).rejects.toMatchObject({
      message: 'Besides the photographs, the body may have at most 88 kB, 552 members and 4 levels.',
    });
  });

  it.each([
    ['in the URL-safe alphabet', photograph.toString('base64url')],
    ['padded', Buffer.from(photograph.subarray(1)).toString('base64'), 1],
    ['padded twice', Buffer.from(photograph.subarray(2)).toString('base64'), 2],
    ['as a data: URL', `data:image/jpeg;base64,${base64}`],
    ['with line breaks', base64.replace(/.{76}/g, '$&\r\n')],
    ['with a trailing line break', `${base64}\n`],
    ['in one long line after a blank', ` ${base64}`],
  ])('decodes base64 %s', async (_, text, skipped = 0) => {
    await expect(parse(JSON.stringify({ a: text }))).resolves.toEqual({ a: Buffer.from(photograph.subarray(skipped)) });
  });

  it.each([0, 1, 2])(
    'returns bytes that own their memory, so that they need not be copied: padded %i times',
    async (skipped) => {
      const text = JSON.stringify({ a: Buffer.from(photograph.subarray(skipped)).toString('base64') });
      const { a } = (await parse(text)) as { readonly a: Buffer };

      expect(a.buffer.byteLength).toBe(photograph.length - skipped);
    },
  );

  it.each([
    ['slashes', base64.replaceAll('/', '\\/')],
    ['all non-letters', base64.replace(/[+/=]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)],
    ['blanks in a data: URL', `\\n data: image\\/jpeg;\\u0020base64,\\r\\n${base64}`],
    ['a data: URL in capitals', `DATA:IMAGE/JPEG;BASE64,${base64}`],
    ['the slash of a data: URL', `data:image\\/jpeg;base64,${base64}`],
    ['any characters that an encoder may choose', base64.replaceAll('A', '\\u0041')],
  ])('decodes base64 with escapes for %s', async (_, escaped) => {
    await expect(parse(`{"a":"${escaped}"}`)).resolves.toEqual({ a: photograph });
  });

  it.each([
    ['other characters', base64.replace('A', '%')],
    ['of an impossible length', `${base64.replace(/=+$/, '').slice(0, 80_000)}A`],
    ['padding in the middle', `${base64.slice(0, 50_000)}==${base64.slice(50_000)}`],
    ['text', 'naïve – "text" \\ '.repeat(1000)],
    ['a data: URL that is not base64', `data:image/jpeg,${base64}`],
    ['a data: URL that never reaches its data', `data:${'a'.repeat(5000)}`],
    ['only padding', '='.repeat(8000)],
  ])('returns an empty buffer for invalid base64: %s', async (_, text) => {
    await expect(parse(JSON.stringify({ a: text, b: 1 }))).resolves.toEqual({ a: Buffer.alloc(0), b: 1 });
  });

  it.each<[string, unknown]>([
    ['a short string', { a: 'AAAA' }],
    ['escaped quotes', { a: '\\"'.repeat(300), b: 'x\\' }],
    ['a long name', { [base64.slice(0, 10_000)]: 1 }],
    ['long text in a list', { a: [base64.slice(0, 10_000)] }],
    ['multi-byte characters around it', { 'имя 名 🙂': '値 🙂', b: 1 }],
    ['a list', ['a', 1, null]],
    ['a string', 'a'],
    ['null', null],
    ['an empty object', {}],
    ['the maximum depth', { a: [[[1]]] }],
  ])('leaves everything else to JSON.parse: %s', async (_, value) => {
    await expect(parse(JSON.stringify(value))).resolves.toEqual(value);
  });

  it('parses any small JSON as JSON.parse does', async () => {
    const aName = string({ unit: 'grapheme', maxLength: 10 });
    const value = dictionary(aName, jsonValue({ maxDepth: 2 }), { maxKeys: 5 });
    await assert(
      asyncProperty(value, nat(3), async (object, indent) => {
        const text = JSON.stringify(object, undefined, indent);
        pre(text.split(',').length <= 32);
        expect(await parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('accepts and rejects the same texts as JSON.parse, also damaged ones', async () => {
    const damaged = array(constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\n', 'u0', '1', 'x'), {
      minLength: 1,
      maxLength: 3,
    });
    await assert(
      asyncProperty(json({ maxDepth: 2 }), integer({ min: 0, max: 60 }), damaged, async (sound, at, pieces) => {
        const text = sound.slice(0, at) + pieces.join('') + sound.slice(at);
        let expected: unknown = SyntaxError;
        try {
          expected = JSON.parse(text);
        } catch {
          // Not JSON.
        }
        const parsed = await parse(text).catch((error: unknown) => (error as object).constructor);
        // Too many members or levels are rejected before it is known whether it is JSON.
        if (parsed !== ServiceError) expect(parsed).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('returns the last of several members with the same name', async () => {
    await expect(parse(`{"a":"${base64}","a":"AAAA"}`)).resolves.toEqual({ a: 'AAAA' });
    await expect(parse(`{"a":"AAAA","a":"${base64}"}`)).resolves.toEqual({ a: photograph });
  });

  it('treats __proto__ as an ordinary name', async () => {
    const parsed = (await parse(`{"__proto__":"${base64}"}`)) as object;
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Object.keys(parsed)).toEqual(['__proto__']);
  });

  it.each([
    ['plain', 'A'.repeat(20e6)],
    ['in lines', `${'A'.repeat(76)}\n`.repeat(250_000)],
  ])('yields to the event loop repeatedly while it decodes megabytes of base64, %s', async (_, text) => {
    let turns = 0;
    let over = false;
    const count = (): void => {
      turns++;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    await parse(JSON.stringify({ a: text }));
    over = true;
    expect(turns).toBeGreaterThanOrEqual(15);
  });

  it.each([
    ['nothing', ''],
    ['an unterminated string', `{"a":"${base64}`],
    ['text behind', `{"a":"${base64}"} x`],
    ['a raw line break in a string', `{"a":"${base64.slice(0, 8000)}\n"}`],
    ['an unknown escape', `{"a":"${base64.slice(0, 8000)}\\x"}`],
    ['a trailing comma', `{"a":"${base64}",}`],
    ['no colon', `{"a""${base64.slice(0, 8000)}"}`],
  ])('throws if it is not JSON: %s', async (_, text) => {
    await expect(parse(text)).rejects.toThrow(SyntaxError);
  });

  const MEGABYTES = 28e6;
  const filled = (piece: string): string => piece.repeat(MEGABYTES / piece.length);

  it.each([
    ['unknown members', `{${filled('"a":1,')}"b":1}`],
    ['empty objects', `{"a":[${filled('{},')}{}]}`],
    ['lists in lists', filled('[')],
    ['objects in objects', filled('{"a":')],
    ['blanks', `{"a":1${filled(' ')}}`],
    ['empty strings', `[${filled('"",')}""]`],
    ['escaped quotes', `{"a":"${filled('\\"')}"}`],
    ['backslashes', `{"a":"${filled('\\')}"}`],
    ['a long name', `{"${filled('a')}":1}`],
    ['a long string outside an object', `"${filled('A')}"`],
    ['a long string in a list', `{"a":["${filled('A')}"]}`],
    ['a number', filled('1')],
    ['33 members', `{${Array.from({ length: 33 }, (_, i) => `"${i}":1`).join(',')}}`],
    ['five levels', '{"a":{"b":{"c":{"d":{}}}}}'],
  ])('rejects too much data besides the photographs before parsing it: %s', async (_, text) => {
    await expect(parse(text)).rejects.toThrow(ServiceError);
  });
});
