import { type FSWatcher, mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { badPhotographs } from './support/bad-photographs.js';
import { leakedPart, MANY_NUMBERS } from './support/leaks.js';
import { FORM_TYPE, jsonBody, multipart } from './support/bodies.js';
import { rawPost } from './support/raw-http.js';
import { type Answer, photograph, Service } from './support/service.js';
import { bytesToDisk, filesOpenForWriting } from './support/written.js';

/*
 * One service, monitored from its start, gets valid and failing requests, and its workers die; then everything that it
 * could have left behind is inspected. Four views of the file system complement each other:
 *
 * - its working and temporary folders are its own and empty; every change in them is noticed, including files that are
 *   deleted a moment later;
 * - the kernel counts what a process sends to disks, wherever the file is (but not what stays in memory, as /tmp often
 *   does);
 * - its open files are listed repeatedly while requests run (but a file can be written between two listings);
 * - its output goes into pipes and is searched.
 */

const KEY = 'the-key-of-the-caller';
const GOOD = ['obama.jpg', 'obama2.jpg', 'biden.jpg', 'astronaut.png'].map(photograph);
const [obama, obama2] = GOOD;
const bad = await badPhotographs();

/** How often the open files are listed, in milliseconds. */
const LOOK_EVERY_MS = 20;

const CLIENTS = 4;

/** Time limit for all requests, generous for a busy machine. */
const REQUESTS_WITHIN_MS = 300_000;

let folder: string;
let service: Service;
let watcher: FSWatcher;
let look: NodeJS.Timeout;
const changes = new Set<string>();
const openFiles = new Set<string>();
const verdicts: Answer[] = [];
const errors: Answer[] = [];
let toDisk = NaN;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nothing-'));
  watcher = watch(folder, (_event, name) => changes.add(name ?? 'a file'));
  const support = (name: string): string => `--import=${join(PACKAGE_ROOT, 'test/support', name)}`;
  service = await Service.start({
    NODE_OPTIONS: `${support('work-in.mjs')} ${support('faults.mjs')}`,
    WORK_IN: folder,
    // Otherwise V8 would write coverage files when coverage is measured.
    NODE_V8_COVERAGE: '',
    MODELS_DIR: join(PACKAGE_ROOT, 'models'),
    ...Object.fromEntries(['TMPDIR', 'TMP', 'TEMP', 'HOME', 'XDG_CACHE_HOME'].map((name) => [name, folder])),
    API_KEYS: KEY,
    LOG_LEVEL: 'debug',
    WORKERS: '2',
  });
  look = setInterval(() => {
    for (const path of filesOpenForWriting(service.pid)) openFiles.add(path);
  }, LOOK_EVERY_MS);
  const before = bytesToDisk(service.pid);
  await requests();
  toDisk = bytesToDisk(service.pid) - before;
}, REQUESTS_WITHIN_MS);
afterAll(async () => {
  clearInterval(look);
  watcher.close();
  await service.stop();
  rmSync(folder, { recursive: true });
});

const HEADERS = { 'x-api-key': KEY, 'content-type': 'application/json' };
const FORM = { ...HEADERS, 'content-type': FORM_TYPE };

const json = (image1: string, image2: string, more: object = {}): string =>
  JSON.stringify({ image1_base64: image1, image2_base64: image2, ...more });

const form = (first: Buffer, second: Buffer): Buffer =>
  multipart([
    { name: 'image1', filename: 'a.jpg', content: first },
    { name: 'image2', filename: 'b.jpg', content: second },
  ]);

async function post(path: string, headers: Record<string, string>, body: string | Buffer): Promise<Answer> {
  const answer = await rawPost(service.url + path, headers, body);
  // Only /embed answers with embeddings.
  if (answer.status !== 200) errors.push(answer);
  else if (path !== '/embed') verdicts.push(answer);
  return answer;
}

/** Photographs alone and among many, and embeddings sent back to the service. */
async function beyondThePair(image: Buffer): Promise<void> {
  const alone = JSON.stringify({ image_base64: image.toString('base64') });
  await post('/detect', HEADERS, alone);
  const { body } = await post('/embed', HEADERS, alone);
  const [embedding] = [...((body['faces'] ?? []) as { embedding: number[] }[]).map((face) => face.embedding), [1]];
  const weights = body['weights'] ?? { sha256: 'none' };
  const candidates = [
    { image_base64: image.toString('base64') },
    { embedding, weights },
    { embedding: embedding.slice(1), weights },
  ];
  const reference = { reference_base64: obama.toString('base64') };
  await post('/compare/many', HEADERS, JSON.stringify({ ...reference, candidates }));
  await post('/compare/many', HEADERS, JSON.stringify({ ...reference, candidates, extra: candidates }));
  await post('/embed', HEADERS, JSON.stringify({ image_base64: '?', max_faces: embedding }));
}

/** Everything a client can do with photographs, valid and invalid, several requests at a time. */
async function requests(): Promise<void> {
  const waiting: (() => Promise<unknown>)[] = ['/compare', '/mediapipe'].flatMap((path) => [
    ...GOOD.map((second) => () => post(path, HEADERS, jsonBody(obama, second))),
    ...GOOD.map((first) => () => post(path, FORM, form(first, obama2))),
    ...misuses.map(
      ({ headers, body }) =>
        () =>
          post(path, { ...HEADERS, ...headers }, body),
    ),
  ]);
  waiting.push(
    ...bad.map(
      ({ bytes }) =>
        () =>
          post('/mediapipe', HEADERS, jsonBody(obama, bytes)),
    ),
  );
  waiting.push(
    ...bad.map(
      ({ bytes }) =>
        () =>
          post('/compare', FORM, form(bytes, obama)),
    ),
  );
  waiting.push(...[...GOOD, ...bad.map(({ bytes }) => bytes)].map((image) => () => beyondThePair(image)));
  const client = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await next();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  await deaths();
}

const base64 = obama.toString('base64');

/** Valid photographs in invalid requests. */
const misuses: readonly { readonly headers?: Record<string, string>; readonly body: string | Buffer }[] = [
  { body: jsonBody(obama, obama2).slice(0, -100) },
  { body: base64 },
  { body: json(base64, `${base64.slice(0, 1000)}!${base64.slice(1000)}`) },
  { body: json(base64, base64, { threshold: base64 }) },
  { body: json(base64, base64, { extra: base64 }) },
  { body: json(base64, base64, { extra: { nested: base64 } }) },
  { headers: { 'x-api-key': `${KEY}x` }, body: jsonBody(obama, obama2) },
  { headers: { 'content-type': 'image/jpeg' }, body: obama },
  { headers: FORM, body: form(obama, obama2).subarray(0, 50_000) },
  { headers: FORM, body: Buffer.concat([Buffer.from('--boundary\r\n'), obama]) },
  { headers: FORM, body: multipart([{ name: 'image1', content: base64 }]) },
];

/** Workers that die while holding photographs, in every way that faults.mjs knows: exit, exception, lack of memory. */
async function deaths(): Promise<void> {
  for (let killed = 1; killed <= 3; killed++) {
    const busy = Promise.all(Array.from({ length: 6 }, () => post('/compare', HEADERS, jsonBody(obama, obama2))));
    service.process.kill('SIGUSR2');
    await busy;
    while ((await service.get('/')).body['workers'] !== 2) await delay(50);
  }
}

it('has responded to good and bad requests, so that there was something to keep', () => {
  const codes = new Set(errors.map(({ body }) => body['code']));

  expect(verdicts.length).toBeGreaterThanOrEqual(16);
  expect(errors.length).toBeGreaterThanOrEqual(100);
  for (const code of ['NO_FACE', 'UNREADABLE_IMAGE', 'INVALID_REQUEST', 'INVALID_BASE64', 'UNAUTHORIZED']) {
    expect(codes).toContain(code);
  }
  expect(service.output).toContain('inference pool');
});

describe('the file system', () => {
  it('has nothing in the folders where a program writes', () => {
    expect([...changes]).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('received nothing on any disk', () => {
    expect(toDisk).toBe(0);
  });

  it('had no file open for writing', () => {
    expect([...openFiles]).toEqual([]);
  });

  it('is monitored: a file is noticed', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, 'x');
    await expect.poll(() => [...changes]).toEqual(['a-file']);
    rmSync(file);
  });
});

function longestList(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Math.max(Array.isArray(value) ? value.length : 0, ...Object.values(value).map(longestList));
}

describe('what it reveals', () => {
  const photographs = [...GOOD, ...bad.map(({ bytes }) => bytes).filter(({ length }) => length > 1000)];
  const errorText = (): string => errors.map(({ headers, body }) => JSON.stringify([[...headers], body])).join('\n');

  it.each([
    ['the log', () => service.output],
    ['an error', errorText],
  ])('%s contains no part of a photograph, no embedding and no key', (_name, read) => {
    const text = read();

    for (const bytes of photographs) expect(leakedPart(text, bytes)).toBeUndefined();
    expect(text).not.toContain('\ufffd');
    expect(text).not.toMatch(MANY_NUMBERS);
    expect(text).not.toContain(KEY);
  });

  it('a verdict contains no part of a photograph, no embedding and no key', () => {
    const text = verdicts.map(({ headers, body }) => JSON.stringify([[...headers], body])).join('\n');

    for (const bytes of GOOD) expect(leakedPart(text, bytes)).toBeUndefined();
    // Its longest list is BlazeFace's six landmarks.
    expect(Math.max(...verdicts.map(({ body }) => longestList(body)))).toBe(6);
    expect(text).not.toContain(KEY);
  });

  it('is searched effectively: a photograph and an embedding are noticed', () => {
    const part = obama.subarray(50_001, 50_020);
    const embedding = Array.from({ length: 512 }, (_, i) => Math.sin(i) / 16);

    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      expect(leakedPart(`the text ${part.toString(encoding)} goes on`, obama)).toHaveLength(16);
    }
    expect(JSON.stringify({ embedding })).toMatch(MANY_NUMBERS);
    expect(embedding.join(' ')).toMatch(MANY_NUMBERS);
  });
});
