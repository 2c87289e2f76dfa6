import { once } from 'node:events';
import { request } from 'node:http';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { jsonBody } from './support/bodies.js';
import { fullService, hold } from './support/held-service.js';
import { type Line, logLines } from './support/log-lines.js';
import { readMetrics, type Sample, total } from './support/metrics.js';
import { photograph, Service } from './support/service.js';

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');
const biden = photograph('biden.jpg');
const cat = photograph('cat.png');

const STAGES = ['queue', 'decode', 'detect', 'crop', 'embed'];

const requestLines = (service: Service): Line[] => logLines(service).filter(({ msg }) => msg === 'request');

/** Waits for a request's line, which is written once the response has been sent. */
async function lineOf(service: Service, id: string): Promise<Line> {
  const find = (): Line[] => requestLines(service).filter((line) => line['request_id'] === id);
  await expect.poll(() => find().length).toBe(1);
  return find()[0];
}

describe('the log', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start();
  });
  afterAll(() => service.stop());

  it('has one line for a comparison: its id, route, status and the time of every stage', async () => {
    const id = 'a-good-one';
    await service.post('/compare', jsonBody(obama, obama2), { 'x-request-id': id });
    const line = await lineOf(service, id);
    const stages = [...STAGES.flatMap((stage) => [`${stage}1`, `${stage}2`]), 'compare', 'total'];

    expect(Object.keys(line).sort()).toEqual(
      ['level', 'method', 'msg', 'request_id', 'route', 'stages', 'status', 'time', 'total_ms'].sort(),
    );
    expect(line).toMatchObject({ level: 30, method: 'POST', route: '/compare', status: 200 });
    expect(line['total_ms']).toEqual(expect.any(Number));
    expect(Object.keys(line['stages'] as object).sort()).toEqual(stages.sort());
    for (const ms of Object.values(line['stages'] as object)) expect(ms).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['no-face', () => service.compare('/mediapipe', obama, cat), '/mediapipe', 422, 'NO_FACE'],
    ['no-body', () => service.post('/compare', ''), '/compare', 400, 'INVALID_REQUEST'],
    ['nowhere', () => service.get('/nowhere?secret=1'), '/nowhere', 404, 'NOT_FOUND'],
    ['long', () => service.get(`/${'x'.repeat(500)}`), `/${'x'.repeat(59)}`, 404, 'NOT_FOUND'],
  ])('has one line for an error, with its code: %s', async (_name, ask, route, status, code) => {
    const { headers } = await ask();
    const line = await lineOf(service, headers.get('x-request-id') ?? '');

    expect(Object.keys(line).sort()).toEqual(
      ['code', 'level', 'method', 'msg', 'request_id', 'route', 'status', 'time', 'total_ms'].sort(),
    );
    expect(line).toMatchObject({ level: 30, route, status, code });
  });

  it('names a file below /docs by its full path', async () => {
    const { status, headers } = await service.get('/docs/swagger-ui.css?version=1');

    expect(status).toBe(200);
    expect(await lineOf(service, headers.get('x-request-id') ?? '')).toMatchObject({ route: '/docs/swagger-ui.css' });
  });

  it.each(['application/json', 'multipart/form-data; boundary=boundary'])(
    'logs 499 for a client that disconnects while sending %s, without an error',
    async (type) => {
      const id = `left-sending-${type.slice(0, 9)}`;
      const headers = { 'content-type': type, 'content-length': '1000', 'x-request-id': id, expect: '100-continue' };
      const sent = request(`${service.url}/compare`, { method: 'POST', headers });
      const gone = once(sent, 'error');
      sent.flushHeaders();
      await once(sent, 'continue');
      sent.destroy(new Error('gone'));
      await gone;

      const line = await lineOf(service, id);
      expect(line).toMatchObject({ level: 30, route: '/compare', status: 499 });
      expect(line).not.toHaveProperty('code');
    },
  );

  it('contains no address, and no probes or scrapes', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics']) await service.get(path);
    const { headers } = await service.get('/', { 'x-forwarded-for': '203.0.113.7' });
    await lineOf(service, headers.get('x-request-id') ?? '');

    expect(service.output).not.toMatch(/127\.0\.0\.1|203\.0\.113\.7|"address"/);
    expect(service.output).not.toMatch(/"route":"\/(health|metrics)/);
  });
});

describe('the log, set otherwise', () => {
  let service: Service;
  afterEach(() => service.stop());

  it('contains addresses with LOG_ADDRESSES, and probes and scrapes at debug', async () => {
    service = await Service.start({ LOG_ADDRESSES: 'true', LOG_LEVEL: 'debug' });
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      const { headers } = await service.get(path);
      expect(await lineOf(service, headers.get('x-request-id') ?? '')).toMatchObject({
        level: 20,
        route: path,
        status: 200,
        address: expect.stringContaining('127.0.0.1') as string,
      });
    }
  });

  it('logs the service’s own errors at level error', async () => {
    service = await fullService();
    const { status, headers } = await service.post('/compare', '{}');
    hold(service);

    expect(status).toBe(503);
    const line = await lineOf(service, headers.get('x-request-id') ?? '');
    expect(line).toMatchObject({ level: 50, status: 503, code: 'OVERLOADED' });
  });
});

describe('GET /metrics', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start({ WORKERS: '2' });
  });
  afterAll(() => service.stop());

  /** The growth of a sum during some work. */
  async function growth(
    act: () => Promise<unknown>,
    name: string,
    labels: Record<string, string> = {},
  ): Promise<number> {
    const before = await readMetrics(service);
    await act();
    return total(await readMetrics(service), name, labels) - total(before, name, labels);
  }

  it('has every documented metric, with its labels', async () => {
    await service.compare('/compare', obama, obama2);
    const samples = await readMetrics(service);
    const labelsOf = (name: string): string[] =>
      Object.keys(samples.find((sample: Sample) => sample.name === name)?.labels ?? { none: '' }).sort();

    expect(labelsOf('face_http_requests_total')).toEqual(['code', 'route', 'status']);
    expect(labelsOf('face_http_request_duration_seconds_bucket')).toEqual(['le', 'route']);
    expect(labelsOf('face_stage_duration_seconds_bucket')).toEqual(['detector', 'le', 'stage']);
    for (const name of ['face_faces_found_bucket', 'face_similarity_bucket', 'face_width_pixels_bucket']) {
      expect(labelsOf(name)).toEqual(['detector', 'le']);
    }
    expect(labelsOf('face_comparisons_total')).toEqual(['detector', 'match']);
    expect(labelsOf('face_build_info')).toEqual(['execution_provider', 'precision', 'version', 'weights']);
    for (const name of ['face_queue_length', 'face_workers_ready', 'face_worker_restarts_total']) {
      expect(labelsOf(name)).toEqual([]);
    }
    for (const name of ['process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds']) {
      expect(total(samples, name)).toBeGreaterThan(0);
    }
  });

  it.each([
    ['/compare', 'mtcnn', obama2, 'true'],
    ['/mediapipe', 'blazeface', biden, 'false'],
  ])('counts a comparison at %s, its verdict, its faces and its stages', async (route, detector, second, match) => {
    const act = (): Promise<unknown> => service.compare(route, obama, second);

    expect(await growth(act, 'face_comparisons_total', { detector, match })).toBe(1);
    expect(await growth(act, 'face_comparisons_total')).toBe(1);
    expect(await growth(act, 'face_http_requests_total', { route, status: '200', code: '' })).toBe(1);
    expect(await growth(act, 'face_http_request_duration_seconds_count', { route })).toBe(1);
    expect(await growth(act, 'face_faces_found_sum', { detector })).toBe(2);
    for (const stage of STAGES) {
      expect(await growth(act, 'face_stage_duration_seconds_count', { detector, stage })).toBe(2);
    }
  });

  it('shows how similarities and face widths are distributed, so that a drift shows', async () => {
    let similarity = 0;
    const act = async (): Promise<void> => {
      similarity = Number((await service.compare('/mediapipe', obama, obama2)).body['similarity']);
    };
    const of = { detector: 'blazeface' };
    expect(await growth(act, 'face_similarity_count', of)).toBe(1);
    expect(await growth(act, 'face_similarity_sum', of)).toBeCloseTo(similarity, 6);
    expect(await growth(act, 'face_similarity_bucket', { ...of, le: '0.5' })).toBe(0);
    expect(await growth(act, 'face_similarity_bucket', { ...of, le: '1' })).toBe(1);
    expect(await growth(act, 'face_width_pixels_count', of)).toBe(2);
    // The faces are some 240 and 280 pixels wide.
    expect(await growth(act, 'face_width_pixels_bucket', { ...of, le: '112' })).toBe(0);
    expect(await growth(act, 'face_width_pixels_bucket', { ...of, le: '640' })).toBe(2);
  });

  it('counts the warnings about faces, by their codes', async () => {
    const dark = await sharp(obama).linear(0.12, 0).jpeg().toBuffer();
    const act = (): Promise<unknown> => service.compare('/compare', dark, obama2);
    expect(await growth(act, 'face_warnings_total', { detector: 'mtcnn', warning: 'TOO_DARK' })).toBe(1);
    expect(await growth(() => service.compare('/compare', obama, obama2), 'face_warnings_total')).toBe(0);
  });

  it('counts an error by its code, without a verdict', async () => {
    const act = (): Promise<unknown> => service.compare('/compare', obama, cat);

    expect(await growth(act, 'face_http_requests_total', { route: '/compare', status: '422', code: 'NO_FACE' })).toBe(
      1,
    );
    expect(await growth(act, 'face_comparisons_total')).toBe(0);
    expect(await growth(act, 'face_similarity_count')).toBe(0);
  });

  it('counts unknown paths under one label, so that clients cannot add any', async () => {
    const strange = ['/nowhere', '/wp-login.php', '/compare/x', '/%2e%2e/etc/passwd', '/docs/x', '/x"y\\z'];
    const before = await readMetrics(service);
    for (const path of strange) await service.get(path);
    const after = await readMetrics(service);
    const routes = new Set(
      after.filter(({ name }) => name === 'face_http_requests_total').map(({ labels }) => labels['route']),
    );

    const other = { route: 'other' };
    const grown = total(after, 'face_http_requests_total', other) - total(before, 'face_http_requests_total', other);
    expect(grown).toBe(strange.length);
    expect(
      [...routes].filter((route) => !['/', '/compare', '/mediapipe', '/metrics', 'other'].includes(route)),
    ).toEqual([]);
  });

  it('shows the queue while photographs wait, and empty afterwards', async () => {
    const busy = Promise.all(Array.from({ length: 30 }, () => service.compare('/compare', obama, obama2)));
    await expect.poll(async () => total(await readMetrics(service), 'face_queue_length')).toBeGreaterThan(0);
    await busy;

    expect(total(await readMetrics(service), 'face_queue_length')).toBe(0);
  });

  it('shows what is running', async () => {
    const samples = await readMetrics(service);
    const status = (await service.get('/')).body;

    expect(total(samples, 'face_workers_ready')).toBe(2);
    expect(total(samples, 'face_worker_restarts_total')).toBe(0);
    expect(samples.find(({ name }) => name === 'face_build_info')).toMatchObject({
      value: 1,
      labels: {
        version: status['version'],
        execution_provider: status['execution_provider'],
        precision: status['precision'],
        weights: status['embedder_weights'],
      },
    });
  });
});
