import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { processMemoryMb } from '../bench/process-usage.js';
import { HOLD, hold } from './support/held-service.js';
import { readMetrics, total } from './support/metrics.js';
import { FORM_TYPE, multipart } from './support/bodies.js';
import { get, post, RawCaller } from './support/raw-caller.js';
import { photograph, Service } from './support/service.js';

/*
 * Hostile callers that follow HTTP to the letter, or not at all: whatever they do, other clients get responses, and
 * nothing remains once they have disconnected.
 */

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');
const COMPARISON = JSON.stringify({
  image1_base64: obama.toString('base64'),
  image2_base64: obama2.toString('base64'),
});

/** The limit of requests on one connection, including the one in progress. */
const PIPELINE = 64;

/** A service with default settings, for all tests that need no others. */
let shared: Service;
let service: Service;
let callers: RawCaller[] = [];
beforeAll(async () => {
  shared = await Service.start();
});
beforeEach(() => {
  service = shared;
});
afterEach(async () => {
  for (const caller of callers) caller.leave();
  callers = [];
  if (service !== shared) await service.stop();
});
afterAll(() => shared.stop());

async function caller(): Promise<RawCaller> {
  const connected = await RawCaller.connect(service.url);
  callers.push(connected);
  return connected;
}

async function expectVerdict(): Promise<void> {
  expect(await service.compare('/mediapipe', obama, obama2)).toMatchObject({ status: 200, body: { match: true } });
}

const cut = async (reason: string): Promise<number> =>
  total(await readMetrics(service), 'face_connections_cut_total', { reason });

describe('a pipeline', () => {
  it('of unread responses ends at the deadline of the request behind them, without affecting others', async () => {
    service = await Service.start({ REQUEST_TIMEOUT_MS: '500' });
    for (const answers of [PIPELINE - 1, 2400]) {
      (await caller()).write(get('/').repeat(answers), post('/compare', '', { 'content-length': '5' }));
    }
    await delay(1500);

    await expectVerdict();
    expect(await cut('pipeline')).toBe(1);
  });

  it('takes no slot before its turn, and leaks none', async () => {
    service = await Service.start({ WORKERS: '2', MAX_QUEUE: '2' });
    const bundle = get('/docs/swagger-ui-bundle.js');
    for (const [answers, comparisons] of [
      [20, 40],
      [20, 130],
    ]) {
      const hostile = await caller();
      hostile.write(bundle.repeat(answers), ...Array<Buffer>(comparisons).fill(post('/compare')));
      await delay(300);
      await expectVerdict();
      hostile.leave();
    }
    await delay(100);

    await expectVerdict();
  });

  it('gets its responses in order, whatever they are', async () => {
    const reader = (await caller()).read();
    reader.write(post('/mediapipe', COMPARISON), get('/nothing'), post('/compare', '{}'), get('/'), get('/metrics'));

    await expect.poll(() => reader.statuses).toEqual([200, 404, 400, 200, 200]);
  });

  it('at the limit is answered completely; a longer one is cut', async () => {
    const cutBefore = await cut('pipeline');
    const [fits, tooLong] = [(await caller()).read(), (await caller()).read()];
    fits.write(get('/').repeat(PIPELINE));
    tooLong.write(get('/').repeat(PIPELINE + 1));

    await expect.poll(() => fits.statuses).toHaveLength(PIPELINE);
    await tooLong.closed();
    expect(await cut('pipeline')).toBe(cutBefore + 1);
  });

  it('leaves a log line for each request that had its turn, and none for the others', async () => {
    service = await Service.start(HOLD);
    hold(service);
    const hostile = await caller();
    hostile.write(post('/mediapipe', COMPARISON, { 'x-request-id': 'first' }), get('/never'));
    await delay(300);
    hostile.leave();

    await expect.poll(() => service.output).toMatch(/"request_id":"first".*"status":499/);
    expect(service.output).not.toContain('/never');
  });
});

describe('unread responses', () => {
  it('do not pile up', async () => {
    await expectVerdict();
    const before = processMemoryMb(service.pid);
    for (let i = 0; i < 10; i++) (await caller()).write(get('/openapi.json').repeat(PIPELINE));
    for (let i = 0; i < 10; i++) (await caller()).write(get('/openapi.json').repeat(1400));
    await delay(1000);

    expect(processMemoryMb(service.pid) - before).toBeLessThan(100);
    await expectVerdict();
  });

  it('are cut off eventually', async () => {
    service = await Service.start({ REQUEST_TIMEOUT_MS: '1000' });
    const hostile = await caller();
    // More than the kernel buffers for a connection.
    hostile.write(get('/docs/swagger-ui-bundle.js').repeat(PIPELINE));

    await expect.poll(() => cut('unread'), { timeout: 30_000, interval: 500 }).toBe(1);
  });
});

describe('stalled bodies', () => {
  it('take no slots', async () => {
    service = await Service.start({ WORKERS: '1', MAX_QUEUE: '1' });
    for (let i = 0; i < 129; i++) (await caller()).write(post('/compare', '', { 'content-length': '1000' }));
    await delay(200);

    await expectVerdict();
  });

  it('have a total size limit: the one that has stalled for longest is rejected', async () => {
    service = await Service.start({ MAX_IMAGE_BYTES: '1000000', MAX_PENDING_BYTES: '4000000' });
    const [longest, shorter] = [(await caller()).read(), (await caller()).read()];
    const half = (bytes: number): Buffer => post('/compare', Buffer.alloc(bytes, ' '), { 'content-length': '2500000' });
    longest.write(half(1_500_000));
    await delay(300);
    shorter.write(half(2_300_000));
    await delay(300);
    await expectVerdict();

    await longest.closed();
    expect(longest.received).toContain('"code":"OVERLOADED"');
    expect(shorter.received).toBe('');
    shorter.leave();
    await delay(100);
    await expectVerdict();
  });

  it('in one-byte chunks are rejected before they cost anything', async () => {
    const sender = (await caller()).read();
    sender.write(
      'POST /compare HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    sender.write('1\r\nx\r\n'.repeat(65_000));
    await sender.closed();

    expect(sender.statuses).toEqual([400]);
    expect(sender.received).toContain('too many small chunks');
  });

  it('that are forms without a length have the same limit', async () => {
    service = await Service.start({ MAX_IMAGE_BYTES: '100000' });
    const sender = (await caller()).read();
    sender.write('POST /compare HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n');
    sender.write('Transfer-Encoding: chunked\r\n\r\n');
    for (let i = 0; i < 40; i++) sender.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`);

    await expect.poll(() => sender.statuses).toEqual([413]);
    expect(sender.received).toContain('BODY_TOO_LARGE');
  });

  it('have a limit of connections per address', async () => {
    service = await Service.start({ MAX_CONNECTIONS_PER_ADDRESS: '10' });
    for (let i = 0; i < 8; i++) (await caller()).write('POST /compare HTTP/1.1\r\n');
    await expectVerdict();
    const more = await Promise.all(Array.from({ length: 20 }, caller));
    await Promise.all(more.slice(5).map((surplus) => surplus.closed()));
    for (const left of callers) left.leave();
    await delay(100);

    await expectVerdict();
    expect(await cut('address')).toBeGreaterThanOrEqual(15);
  });
});

describe('a client that closes its side', () => {
  it('gets its response', async () => {
    const patient = (await caller()).read();
    patient.socket.end(post('/mediapipe', COMPARISON));
    await patient.closed();

    expect(patient.statuses).toEqual([200]);
    expect(patient.received).toContain('"match":true');
  });

  it('is probed while it waits, and then gets its response', async () => {
    service = await Service.start(HOLD);
    hold(service);
    const patient = (await caller()).read();
    patient.socket.end(post('/mediapipe', COMPARISON));
    await expect.poll(() => patient.statuses).toContain(100);
    hold(service);
    await patient.closed();

    expect(patient.statuses.filter((status) => status !== 100)).toEqual([200]);
  });
});

describe('SIGTERM', () => {
  const stopped = async (): Promise<unknown> => {
    const exited = once(service.process, 'exit');
    service.process.kill('SIGTERM');
    return exited;
  };

  it('does not wait for idle connections', async () => {
    service = await Service.start();
    await caller();
    (await caller()).write('GET / HT');
    (await caller()).read().write(get('/'));

    expect(await stopped()).toEqual([0, null]);
  });

  it('sent twice, or with SIGINT, does not interrupt responses in progress', async () => {
    service = await Service.start();
    const answers = Array.from({ length: 10 }, () => service.compare('/mediapipe', obama, obama2));
    await expect.poll(async () => total(await readMetrics(service), 'face_queue_length')).toBeGreaterThan(0);
    const exited = once(service.process, 'exit');
    for (const signal of ['SIGTERM', 'SIGTERM', 'SIGINT'] as const) {
      service.process.kill(signal);
      await delay(50);
    }

    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
    expect(await exited).toEqual([0, null]);
  });

  it('does not wait for an unread response', async () => {
    service = await Service.start();
    (await caller()).write(get('/docs/swagger-ui-bundle.js').repeat(20));
    await delay(200);

    expect(await stopped()).toEqual([0, null]);
  });

  it('waits for stuck workers only a little longer than configured', async () => {
    service = await Service.start({ ...HOLD, SHUTDOWN_TIMEOUT_MS: '500' });
    hold(service);
    const unanswered = service.compare('/mediapipe', obama, obama2).catch(() => 'cut off');
    await expect.poll(async () => total(await readMetrics(service), 'face_queue_length')).toBe(0);

    expect(await stopped()).not.toEqual([0, null]);
    expect(await unanswered).toBe('cut off');
  }, 20_000);
});

describe('invalid HTTP', () => {
  it.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400, 'INVALID_REQUEST'],
    ['no host', 'GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n', 400, 'INVALID_REQUEST'],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', 400, 'INVALID_REQUEST'],
    ['headers of 20 kB', `GET / HTTP/1.1\r\nHost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ])('%s gets a problem document, a line in the log and a count', async (_name, sent, status, code) => {
    const labels = { status: String(status), code };
    const before = total(await readMetrics(service), 'face_http_requests_total', labels);
    const sender = (await caller()).read();
    sender.write(sent);
    await sender.closed();

    expect(sender.statuses).toEqual([status]);
    expect(sender.received).toContain(`"code":"${code}"`);
    const id = /x-request-id: (\S+)/i.exec(sender.received)?.[1] ?? 'none';
    await expect.poll(() => service.output).toContain(id);
    expect(total(await readMetrics(service), 'face_http_requests_total', labels)).toBe(before + 1);
  });

  it.each([
    ['garbage', 'GARBAGE\r\n\r\n'],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n'],
  ])('does not affect the comparison before it: %s', async (_name, sent) => {
    const sender = (await caller()).read();
    sender.write(post('/mediapipe', COMPARISON), sent);
    await sender.closed();

    expect(sender.statuses).toEqual([200]);
    expect(sender.received).toContain('"match":true');
  });
});

describe('a response that closes the connection', () => {
  it.each([
    ['with Connection: close', { connection: 'close' }, 415, 'text/plain'],
    ['in chunks that are too small', { 'transfer-encoding': 'chunked' }, 400, 'application/json'],
  ])('arrives even if the client is still sending a body %s', async (_name, headers, status, type) => {
    const chunked = 'transfer-encoding' in headers;
    const sender = await caller();
    const length: Record<string, string> = chunked ? {} : { 'content-length': '20000000' };
    const lines = Object.entries({ host: 'x', 'content-type': type, ...length, ...headers });
    sender.write(`POST /compare HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
    // More than the kernel's buffers hold, so that the service has not read all of it when it responds.
    for (let i = 0; i < 100; i++) sender.write(chunked ? '1\r\nx\r\n'.repeat(20_000) : Buffer.alloc(120_000));
    await delay(300);
    sender.read();
    await expect.poll(() => sender.statuses).toEqual([status]);
  });
});

it.each([
  ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
  ['two', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
])('a request with %s gets a problem document, and the next one its response', async (_name, sent) => {
  const sender = (await caller()).read();
  sender.write(sent, get('/'));

  await expect.poll(() => sender.statuses).toEqual([400, 200]);
  expect(sender.received).toContain('one Host header');
});

it('a request answered before its body has arrived gets no second response if it never does', async () => {
  service = await Service.start({ REQUEST_TIMEOUT_MS: '500' });
  const sender = (await caller()).read();
  sender.write('GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n');
  await expect.poll(() => sender.statuses).toEqual([200]);
  await sender.closed();

  expect(sender.statuses).toEqual([200]);
  expect(service.output).not.toContain('REQUEST_TIMEOUT');
}, 40_000);

it('a body with invalid chunks gets one response and one line in the log', async () => {
  const sender = (await caller()).read();
  const type = 'Content-Type: application/json\r\nX-Request-Id: broken-chunk\r\n';
  sender.write(`POST /compare HTTP/1.1\r\nHost: x\r\n${type}Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nZZ\r\n`);
  await sender.closed();
  sender.leave();
  await delay(200);

  expect(sender.statuses).toEqual([400]);
  expect(service.output.match(/broken-chunk.*/g)).toHaveLength(1);
});

describe('expectations', () => {
  it.each([
    ['another one', 'foo', 417],
    ['another one next to 100-continue', 'foo, 100-continue', 417],
    ['100-continue in capitals', '100-Continue', 400],
    ['100-continue and an empty one', '100-continue,', 400],
  ])('%s: %s gets status %i', async (_name, expectation, status) => {
    const sender = (await caller()).read();
    sender.write(post('/compare', '', { 'content-length': '2', expect: expectation }));
    if (status === 400) {
      await expect.poll(() => sender.statuses).toEqual([100]);
      sender.write('{}');
    }
    await expect.poll(() => sender.statuses.at(-1)).toBe(status);
  });

  it('are ignored in HTTP/1.0', async () => {
    const sender = (await caller()).read();
    const request = post('/compare', '{}', { expect: '100-continue' }).toString();
    sender.write(request.replace('HTTP/1.1', 'HTTP/1.0'));
    await sender.closed();

    expect(sender.statuses).toEqual([400]);
  });
});

it('a form declared as compressed is rejected like JSON, and a file without a name is reported by field', async () => {
  const type = { 'content-type': FORM_TYPE };
  const form = multipart([
    { name: 'image1', filename: 'a.jpg', content: obama },
    { name: 'image2', content: obama2 },
  ]);
  const compressed = await service.post('/compare', new Uint8Array(form), { ...type, 'content-encoding': 'gzip' });
  const nameless = await service.post('/compare', new Uint8Array(form), type);

  expect(compressed).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  expect(nameless).toMatchObject({
    status: 400,
    body: { detail: 'image2 must be a file; its part has no filename.' },
  });
});
