import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { retryAfterMs } from '../clients/typescript/src/error.js';
import { type ClientOptions, FaceComparisonClient, FaceComparisonError } from '../clients/typescript/src/index.js';
import { waitBefore } from '../clients/typescript/src/retry.js';
import { answers, breaks, breaksInAnswer, type Fault, FaultyServer, isSilent } from './support/faulty-server.js';
import { fullService, hold } from './support/held-service.js';
import { photograph, Service } from './support/service.js';

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');
const biden = photograph('biden.jpg');
const cat = photograph('cat.png');
const cutOff = photograph('obama_partial_face.jpg');

const KEY = 'a-key';

let service: Service;
let client: FaceComparisonClient;
beforeAll(async () => {
  service = await Service.start({ API_KEYS: KEY, REQUEST_TIMEOUT_MS: '60000' });
  client = new FaceComparisonClient({ baseUrl: service.url, apiKey: KEY });
});
afterAll(() => service.stop());

/** What a request fails with. */
async function failure(request: Promise<unknown>): Promise<FaceComparisonError> {
  const error: unknown = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof FaceComparisonError) return error;
  throw new Error(`expected a FaceComparisonError`, { cause: error });
}

it('has the version of the service', () => {
  const read = (path: string) => JSON.parse(readFileSync(join(PACKAGE_ROOT, path), 'utf8')) as { version: string };

  expect(read('clients/typescript/package.json').version).toBe(read('package.json').version);
});

describe('the client', () => {
  it('compares photographs of every kind of bytes', async () => {
    const bytes = new Uint8Array(obama2);
    const answer = await client.compare(obama, obama2);

    expect(answer.match).toBe(true);
    expect(answer.similarity).toBeGreaterThan(0.6);
    for (const same of [bytes, bytes.buffer, new DataView(bytes.buffer), new Blob([bytes]), new File([bytes], 'x')]) {
      expect((await client.compare(new Blob([new Uint8Array(obama)]), same)).similarity).toBe(answer.similarity);
    }
  });

  it('sends fields, lists among them', async () => {
    const { match, comparison_metrics, matches } = await client.compareWithBlazeFace(obama, obama2, {
      threshold: 0.99,
      faces: 'all',
      requestId: 'mine',
    });

    expect(match).toBe(false);
    expect(comparison_metrics.threshold_used).toBe(0.99);
    expect(matches).toHaveLength(1);
    const refused = await failure(client.compare(obama, cutOff, { reject_on: ['TILTED', 'FACE_CUT_OFF'] }));
    expect(refused).toMatchObject({ code: 'LOW_QUALITY', status: 422, image: 2, reasons: ['FACE_CUT_OFF'] });
  });

  it('detects, embeds and compares many photographs and embeddings', async () => {
    const { faces, weights } = await client.embed(obama2, { encoding: 'base64' });
    const [{ embedding }] = faces;
    const candidates = [biden, { embedding, weights }];
    const mixed = await client.compareMany(obama, candidates, { threshold: 0.5 });
    const photographs = await client.compareMany(obama, [biden, obama2]);

    expect((await client.detect(cat)).faces).toEqual([]);
    expect(mixed.results.map(({ index, match }) => ({ index, match }))).toEqual([
      { index: 1, match: true },
      { index: 0, match: false },
    ]);
    expect(mixed.threshold_used).toBe(0.5);
    expect(photographs.results.map(({ index }) => index)).toEqual([1, 0]);
    expect((await client.getStatus()).status).toBe('ok');
  });

  it('throws the members of a problem document', async () => {
    const noFace = await failure(client.compare(obama, cat, { requestId: 'mine' }));
    const both = await failure(client.compare(cat, Buffer.from('%PDF-1.7')));
    const stranger = await failure(new FaceComparisonClient({ baseUrl: service.url }).compare(obama, obama2));

    expect(noFace).toMatchObject({ code: 'NO_FACE', status: 422, image: 2, requestId: 'mine', errors: [] });
    expect(noFace.message).toBe('No face detected in image 2.');
    expect(both.errors.map(({ code, image }) => ({ code, image }))).toEqual([
      { code: 'NO_FACE', image: 1 },
      { code: 'UNSUPPORTED_FORMAT', image: 2 },
    ]);
    expect(stranger).toMatchObject({ code: 'UNAUTHORIZED', status: 401, isTransient: false });
  });

  it('waits any time where it may', async () => {
    const patient = new FaceComparisonClient({ baseUrl: service.url, timeoutMs: Infinity });
    expect(await patient.getStatus()).toMatchObject({ status: 'ok' });
  });

  it('refuses what cannot be sent with a TypeError, at once', async () => {
    const path = 'obama.jpg' as unknown as Buffer;

    await expect(client.compare(path, obama)).rejects.toThrow(TypeError);
    await expect(client.compareMany(obama, [path])).rejects.toThrow(TypeError);
    await expect(client.compare(obama, obama, { requestId: 'line\nbreak' })).rejects.toThrow(TypeError);
    for (const baseUrl of ['localhost', 'http://a:b@localhost', 'http://localhost/?a=b', 'http://localhost/#a']) {
      expect(() => new FaceComparisonClient({ baseUrl })).toThrow(TypeError);
    }
    expect(() => new FaceComparisonClient({ baseUrl: service.url, apiKey: 'line\nbreak' })).toThrow(TypeError);
    for (const timeoutMs of [0, -1, NaN]) {
      expect(() => new FaceComparisonClient({ baseUrl: service.url, timeoutMs })).toThrow(TypeError);
    }
  });
});

describe('a service without a free slot', () => {
  let full: Service;
  let released = false;
  const release = (): void => {
    if (!released) hold(full);
    released = true;
  };
  beforeAll(async () => {
    full = await fullService();
  });
  afterAll(async () => {
    release();
    await full.stop();
  });

  /** Waits for one more refusal. */
  async function refusal(): Promise<void> {
    const count = (): number => full.output.split('"code":"OVERLOADED"').length;
    const before = count();
    await expect.poll(count, { timeout: 30_000 }).toBeGreaterThan(before);
  }

  const withOptions = (options: Partial<ClientOptions>): FaceComparisonClient =>
    new FaceComparisonClient({ baseUrl: full.url, ...options });

  it('is reported without retries, and once they do not fit', async () => {
    const once = await failure(withOptions({ maxRetries: 0 }).compare(obama, obama2));
    const short = await failure(withOptions({ maxRetryTimeMs: 500 }).compare(obama, obama2));

    expect(once).toMatchObject({ code: 'OVERLOADED', status: 503, retryAfterMs: 1000, isTransient: true });
    expect(short.code).toBe('OVERLOADED');
  });

  it('is not asked again once the signal is aborted', async () => {
    const abort = new AbortController();
    const waiting = withOptions({ maxRetryTimeMs: 1e9 }).compare(obama, obama2, { signal: abort.signal });
    await refusal();
    abort.abort(new Error('changed my mind'));

    await expect(waiting).rejects.toThrow('changed my mind');
    const already = withOptions({}).compare(obama, obama2, { signal: AbortSignal.abort() });
    await expect(already).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is asked again until there is one', async () => {
    const waiting = withOptions({ maxRetries: 10 }).compare(obama, obama2);
    await refusal();
    release();

    expect((await waiting).match).toBe(true);
  });
});

it('reports a rate limit whose window is longer than it may wait', async () => {
  const limited = await Service.start({ RATE_LIMIT_PER_MINUTE: '1' });
  try {
    const strict = new FaceComparisonClient({ baseUrl: limited.url, maxRetryTimeMs: 1 });
    await strict.detect(obama);
    const { code, retryAfterMs: waitMs } = await failure(strict.detect(obama));

    expect(code).toBe('RATE_LIMITED');
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  } finally {
    await limited.stop();
  }
});

describe('between the client and the service', () => {
  let faulty: FaultyServer | undefined;
  afterEach(() => {
    faulty?.stop();
  });

  async function through(
    faults: readonly Fault[],
    options: Partial<ClientOptions> = {},
  ): Promise<FaceComparisonClient> {
    faulty = await FaultyServer.start(service.url, faults);
    return new FaceComparisonClient({ baseUrl: faulty.url, apiKey: KEY, ...options });
  }

  it('a connection that breaks is tried again', async () => {
    const patient = await through([breaks, breaksInAnswer]);

    expect((await patient.compare(obama, obama2)).match).toBe(true);
    expect(faulty?.requests).toBe(3);
  });

  it('a connection that always breaks is given up', async () => {
    const { code, cause, status } = await failure((await through([breaks, breaks], { maxRetries: 1 })).detect(obama));

    expect({ code, status }).toEqual({ code: 'CONNECTION_FAILED', status: undefined });
    expect(cause).toBeInstanceOf(Error);
    expect(faulty?.requests).toBe(2);
  });

  it('a worker that keeps dying is given up after two retries', async () => {
    const problem = JSON.stringify({ code: 'WORKER_LOST', detail: 'The worker died.' });
    const lost = answers(503, problem, { 'content-type': 'application/problem+json', 'retry-after': '0' });
    const dying = await through([lost, lost, lost], { maxRetries: 5 });

    expect((await failure(dying.detect(obama))).code).toBe('WORKER_LOST');
    expect(faulty?.requests).toBe(3);
  });

  it('an answer of something else is no verdict', async () => {
    const page = await through([
      answers(502, '<html>'),
      answers(200, '<html>'),
      answers(200, ''),
      answers(200, 'null', { 'content-type': 'application/json' }),
    ]);

    expect(await failure(page.detect(obama))).toMatchObject({ code: 'UNEXPECTED_RESPONSE', status: 502 });
    for (let i = 0; i < 3; i++) expect((await failure(page.detect(obama))).code).toBe('UNEXPECTED_RESPONSE');
    expect(faulty?.requests).toBe(4);
  });

  it('the way to another server is not followed, which would get the key', async () => {
    const other = await FaultyServer.start(service.url, []);
    try {
      for (const status of [301, 302, 307, 308]) {
        const moved = await through([answers(status, '', { location: `${other.url}/detect` })], { maxRetries: 0 });

        expect(await failure(moved.detect(obama))).toMatchObject({ code: 'UNEXPECTED_RESPONSE', status });
        faulty?.stop();
      }
      expect(other.requests).toBe(0);
    } finally {
      other.stop();
    }
  });

  it('a time to wait that no timer can measure is not waited for', async () => {
    const closed = answers(503, '<html>', { 'retry-after': '3000000' });
    const patient = await through([closed, closed], { maxRetryTimeMs: Infinity });

    expect((await failure(patient.detect(obama))).retryAfterMs).toBe(3_000_000_000);
    expect(faulty?.requests).toBe(1);
  });

  it('silence ends with the timeout, and with the signal', async () => {
    const impatient = await through([isSilent, isSilent], { timeoutMs: 200 });
    expect((await failure(impatient.detect(obama))).code).toBe('TIMEOUT');

    const abort = new AbortController();
    const waiting = (await through([isSilent])).detect(obama, { signal: abort.signal });
    await expect.poll(() => faulty?.requests).toBe(1);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('Retry-After', () => {
  it('is read as seconds or as a date', () => {
    const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

    expect(retryAfterMs('120')).toBe(120_000);
    expect(retryAfterMs('Wed, 21 Oct 2026 07:28:30 GMT', now)).toBe(30_000);
    expect(retryAfterMs('Wed, 21 Oct 2026 07:27:00 GMT', now)).toBe(0);
    expect(retryAfterMs('soon')).toBeUndefined();
    expect(retryAfterMs(null)).toBeUndefined();
  });

  it('is waited for, or twice as long each time, and a random part', () => {
    expect([0, 1, 2].map((retry) => waitBefore(retry, undefined, 0))).toEqual([1000, 2000, 4000]);
    expect(waitBefore(0, 30_000, 0)).toBe(30_000);
    expect(waitBefore(0, 30_000, 1)).toBe(45_000);
  });
});
