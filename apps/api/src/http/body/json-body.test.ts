import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../package-root.js';
import { parseJsonBody } from './json-body.js';

const photograph = readFileSync(join(PACKAGE_ROOT, 'test/photographs/obama2.jpg')).subarray(0, 10_000);
const base64 = photograph.toString('base64');

const parse = (text: string): Promise<unknown> => parseJsonBody(Buffer.from(text));

describe('parseJsonBody', () => {
  it.each([
    ['as JSON.stringify writes it', JSON.stringify({ image1_base64: base64, threshold: 0.5 })],
    ['indented', JSON.stringify({ image1_base64: base64, threshold: 0.5 }, null, 2)],
    ['with a byte order mark', `\uFEFF${JSON.stringify({ image1_base64: base64, threshold: 0.5 })}`],
    ['after another member', `{"threshold":0.5,"image1_base64":"${base64}"}`],
  ])('decodes long base64, %s', async (_, text) => {
    await expect(parse(text)).resolves.toEqual({ image1_base64: photograph, threshold: 0.5 });
  });

  it('decodes several, each in its own place', async () => {
    const other = photograph.subarray(1);
    const text = JSON.stringify({ image1_base64: base64, image2_base64: other.toString('base64') });
    await expect(parse(text)).resolves.toEqual({ image1_base64: photograph, image2_base64: Buffer.from(other) });
  });

  it.each([
    ['of the URL alphabet', photograph.toString('base64url')],
    ['padded', Buffer.alloc(5000).toString('base64')],
  ])('decodes base64 %s', async (_, text) => {
    await expect(parse(JSON.stringify({ a: text }))).resolves.toEqual({ a: Buffer.from(text, 'base64') });
  });

  it.each<[string, unknown]>([
    ['a short string', { a: 'AAAA' }],
    ['a data: URL', { a: `data:image/jpeg;base64,${base64}` }],
    ['base64 with line breaks', { a: base64.replace(/.{76}/g, '$&\n') }],
    ['base64 of no possible length', { a: `${base64.replace(/=+$/, '').slice(0, 8000)}A` }],
    ['a long text', { a: 'naïve – "text" \\ '.repeat(1000) }],
    ['escaped quotes before the end', { a: '\\"'.repeat(3000), b: `${'x'.repeat(5000)}\\` }],
    ['a long name', { [base64]: 1 }],
    ['characters of several bytes around', { 'имя 名 🙂': '値 🙂', b: 1 }],
    ['a list', ['a', 1, null]],
    ['a string', 'a'],
    ['null', null],
    ['nothing but an empty object', {}],
  ])('leaves the rest to JSON.parse: %s', async (_, value) => {
    await expect(parse(JSON.stringify(value))).resolves.toEqual(value);
  });

  it('takes the last of several members of one name', async () => {
    await expect(parse(`{"a":"${base64}","a":"AAAA"}`)).resolves.toEqual({ a: 'AAAA' });
    await expect(parse(`{"a":"AAAA","a":"${base64}"}`)).resolves.toEqual({ a: photograph });
  });

  it('gives others their turn before it decodes each', async () => {
    let turns = 0;
    let over = false;
    const count = (): void => {
      turns++;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    await parse(JSON.stringify({ a: base64, b: base64, c: base64 }));
    over = true;
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  it('takes __proto__ for a name like any other', async () => {
    const parsed = (await parse(`{"__proto__":"${base64}"}`)) as object;
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Object.keys(parsed)).toEqual(['__proto__']);
  });

  it.each([
    ['nothing', ''],
    ['a string without an end', `{"a":"${base64}`],
    ['text behind', `{"a":"${base64}"} x`],
    ['a raw line break in a string', `{"a":"${base64.slice(0, 8000)}\n"}`],
    ['a comma too many', `{"a":"${base64}",}`],
    ['no colon', `{"a""${base64}"}`],
  ])('throws where it is not JSON: %s', async (_, text) => {
    await expect(parse(text)).rejects.toThrow(SyntaxError);
  });

  it('looks at so many strings only', async () => {
    const members = Array.from({ length: 40 }, (_, i) => [`name${i}`, 'short']);
    const value = Object.fromEntries([...members, ['last', base64]]) as unknown;
    await expect(parse(JSON.stringify(value))).resolves.toEqual(value);
  });
});
