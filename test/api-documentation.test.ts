import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ERROR_TABLE } from '../apps/api/src/errors/error-table.js';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { photograph, Service } from './support/service.js';

const PAGE = readFileSync(join(PACKAGE_ROOT, 'docs/api.md'), 'utf8');

/** The text under a heading, up to the next one of the same or a higher level. */
function section(heading: string): string {
  const level = heading.indexOf(' ');
  const [, after = ''] = PAGE.split(`\n${heading}\n`);
  return after.split(new RegExp(`\n#{1,${level}} `))[0];
}

/** The first cells of a section's tables that are code. */
const listed = (text: string): string[] => [...text.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);

let service: Service;
beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service.stop());

/** A value's names and types, without what differs between machines. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shape(member)]));
}

it('docs/api.md lists every error code with its status, and those with Retry-After', () => {
  const rows = [...section('## Errors').matchAll(/^\| `([A-Z0-9_]+)` \| (\d+) \| (.*) \|$/gm)];
  const inTable = Object.entries(ERROR_TABLE).map(([code, { status }]) => [code, String(status)]);
  const retried = rows.filter(([, , , advice]) => advice.includes('`Retry-After`')).map(([, code]) => code);
  const withRetryAfter = Object.entries(ERROR_TABLE).flatMap(([code, entry]) => ('retryAfter' in entry ? [code] : []));

  expect(rows.map(([, code, status]) => [code, status]).sort()).toEqual(inTable.sort());
  // The rate limit computes its own Retry-After.
  expect(retried.sort()).toEqual([...withRetryAfter, 'RATE_LIMITED'].sort());
});

it('docs/api.md shows a response in the shape that the service returns', async () => {
  const example = /```json\n([^]*?)\n```/.exec(section('### The answer'))?.[1] ?? '';
  const { body } = await service.compare('/compare', photograph('obama.jpg'), photograph('obama2.jpg'));

  expect(shape(JSON.parse(example))).toEqual(shape(body));
});

it('docs/api.md explains every field of a response, of an error and of GET /', async () => {
  const compared = (await service.compare('/compare', photograph('obama.jpg'), photograph('obama2.jpg'))).body;
  const wrong = (await service.compare('/compare', photograph('cat.png'), photograph('cat.png'))).body;
  const status = (await service.get('/')).body;
  const metrics = ['image1_metrics', 'embedding1_metrics', 'comparison_metrics'];
  const verdict = Object.keys(compared).filter((name) => !name.endsWith('_metrics'));
  const inMetrics = metrics.flatMap((name) => Object.keys(compared[name] as object));
  const statusText = section('## GET /');

  expect(listed(section('### The answer')).sort()).toEqual([...verdict, ...inMetrics].sort());
  const one = photograph('obama.jpg').toString('base64');
  const detected = (await service.post('/detect', JSON.stringify({ image_base64: one }))).body;
  const embedded = (await service.post('/embed', JSON.stringify({ image_base64: one }))).body;
  const candidates = [{ image_base64: one }, { image_base64: '?' }];
  const many = (await service.post('/compare/many', JSON.stringify({ reference_base64: one, candidates }))).body;
  const inList = (value: unknown): string[] => (value as object[]).flatMap((item) => Object.keys(item));
  const both = [...Object.keys(detected), ...inList(detected['faces'])];
  const oneToMany = new Set([...Object.keys(many), ...inList(many['results'])]);
  expect(new Set(listed(section('### The answer of /detect')))).toEqual(new Set(both));
  expect([...both, ...listed(section('### /embed'))]).toEqual(
    expect.arrayContaining([...Object.keys(embedded), ...inList(embedded['faces'])]),
  );
  expect(listed(section('## One against many'))).toEqual(expect.arrayContaining([...oneToMany]));
  expect(listed(section('## Errors'))).toEqual(expect.arrayContaining(Object.keys(wrong)));
  expect(listed(statusText).sort()).toEqual(Object.keys(status).sort());
  for (const part of ['defaults', 'limits']) {
    for (const name of Object.keys(status[part] as object)) expect(statusText).toContain(`\`${name}\``);
  }
});
