import { afterEach, describe, expect, it } from 'vitest';
import { fullService, hold } from './support/held-service.js';
import { readMetrics, total } from './support/metrics.js';
import { askThenPost } from './support/raw-http.js';
import { photograph, type Service } from './support/service.js';

describe('a comparison without a free slot', () => {
  let service: Service;
  afterEach(async () => {
    hold(service);
    await service.stop();
  });

  it('is rejected with the common headers and Retry-After', async () => {
    service = await fullService();
    const id = 'one-of-mine';
    const { status, headers, body } = await service.post('/compare', '{}', { 'x-request-id': id });

    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'OVERLOADED', request_id: id });
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-request-id': id,
      'retry-after': '1',
      'content-type': 'application/problem+json; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  });

  const requestLines = (): string[] => service.output.split('\n').filter((line) => line.includes('"msg":"request"'));

  it('is counted and has one line in the log, without its unacceptable id or any query', async () => {
    service = await fullService();
    await service.post('/mediapipe', '{}', { 'x-request-id': 'not acceptable' });
    await service.post('/mediapipe', '{}');

    const labels = { route: '/mediapipe', status: '503', code: 'OVERLOADED' };
    expect(total(await readMetrics(service), 'face_http_requests_total', labels)).toBe(2);
    const lines = (): string[] => requestLines().filter((line) => line.includes('/mediapipe'));
    await expect.poll(() => lines().length).toBe(2);
    const keys = ['level', 'time', 'request_id', 'method', 'route', 'status', 'code', 'total_ms', 'msg'];
    for (const line of lines()) {
      const entry = JSON.parse(line) as Record<string, unknown>;
      expect(Object.keys(entry)).toEqual(keys);
      expect(entry).toMatchObject({ level: 50, method: 'POST', route: '/mediapipe', status: 503, code: 'OVERLOADED' });
    }
    await service.post('/mediapipe?secret=1', '{}');
    await expect.poll(() => lines().length).toBe(3);
    expect(service.output).not.toMatch(/not acceptable|secret/);
  });

  it('leaves its connection usable, with megabytes unread or not sent', async () => {
    service = await fullService();
    const image = photograph('obama.jpg');
    const refused = [];
    for (let i = 0; i < 5; i++) refused.push(await service.compare('/compare', image, Buffer.alloc(3e6)));
    const { answer, asked } = await askThenPost(`${service.url}/compare`, { 'content-type': 'application/json' }, 'x');

    expect([...refused, answer].map(({ status }) => status)).toEqual([503, 503, 503, 503, 503, 503]);
    expect(asked).toBe(false);
    expect((await service.get('/')).status).toBe(200);
  });

  it('is not revealed without a valid key', async () => {
    service = await fullService({ API_KEYS: 'mine' }, { 'x-api-key': 'mine' });
    const statusFor = async (headers: Record<string, string>): Promise<number> =>
      (await service.post('/compare', '{}', headers)).status;

    expect(await statusFor({})).toBe(401);
    expect(await statusFor({ 'x-api-key': 'guess' })).toBe(401);
    expect(await statusFor({ 'x-api-key': 'mine' })).toBe(503);
    expect(await statusFor({ authorization: 'Bearer mine' })).toBe(503);
  });

  it('from a page of an allowed origin is rejected so that the page can read it', async () => {
    const origin = 'https://app.example';
    service = await fullService({ CORS_ORIGINS: origin });
    const { status, headers } = await service.post('/compare', '{}', { origin });

    expect(status).toBe(503);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
  });

  it('is logged with its address if configured', async () => {
    service = await fullService({ LOG_ADDRESSES: 'true', TRUST_PROXY: '1' });
    await service.post('/compare', '{}', { 'x-forwarded-for': '203.0.113.7' });

    await expect.poll(() => service.output).toContain('"address":"203.0.113.7"');
    expect(service.output).toContain('"code":"OVERLOADED"');
  });

  it('is asked to close its connection during shutdown', async () => {
    service = await fullService({ DRAIN_DELAY_MS: '1000' });
    const before = await service.post('/compare', '{}');
    service.process.kill('SIGTERM');
    await expect.poll(async () => (await service.get('/health/ready')).status).toBe(503);
    const after = await service.post('/compare', '{}');

    expect([before, after].map(({ status }) => status)).toEqual([503, 503]);
    expect([before, after].map(({ headers }) => headers.get('connection'))).toEqual(['keep-alive', 'close']);
  });
});
