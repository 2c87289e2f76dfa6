import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photograph, Service } from './support/service.js';

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');

interface Status {
  readonly crop_rule: string;
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly image_formats: readonly string[];
}

const statusOf = async (service: Service): Promise<Status> => (await service.get('/')).body as unknown as Status;

describe('GET /', () => {
  let service: Service;
  let status: Status;
  beforeAll(async () => {
    service = await Service.start({
      SIMILARITY_THRESHOLD: '0.7',
      MIN_CONFIDENCE: '0.5',
      FACE_SELECTION: 'central',
      CROP_RULE: 'reference',
      MAX_IMAGE_BYTES: String(obama.length - 1),
      MAX_IMAGE_PIXELS: '1000000',
      MAX_QUEUE: '7',
      REQUEST_TIMEOUT_MS: '20000',
      RATE_LIMIT_PER_MINUTE: '9',
    });
    status = await statusOf(service);
  });
  afterAll(() => service.stop());

  it('reports the crop rule, and the defaults of a request’s fields', () => {
    expect(status.crop_rule).toBe('reference');
    expect(status.defaults).toEqual({ threshold: 0.7, min_confidence: 0.5, face_selection: 'central' });
  });

  it('reports the limits', () => {
    expect(status.limits).toEqual({
      max_body_bytes: Math.ceil(((obama.length - 1) * 2 * 4) / 3) + 64 * 1024,
      max_image_bytes: obama.length - 1,
      max_image_pixels: 1_000_000,
      max_queue: 7,
      request_timeout_ms: 20_000,
      rate_limit_per_minute: 9,
    });
  });

  it('reports limits and defaults that are enforced', async () => {
    const tooLarge = await service.compare('/mediapipe', obama, obama2);
    const small = await service.compare('/mediapipe', obama2, obama2);
    const { max_body_bytes: limit } = status.limits;
    const longBody = await service.post('/mediapipe', ' '.repeat(limit + 1));
    const allowedBody = await service.post('/mediapipe', ' '.repeat(limit));

    expect(tooLarge.body).toMatchObject({ code: 'IMAGE_TOO_LARGE', image: 1 });
    expect(small.body).toMatchObject({ comparison_metrics: { threshold_used: 0.7 } });
    expect(longBody.body).toMatchObject({ code: 'BODY_TOO_LARGE' });
    expect(allowedBody.body).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('lists the same formats as the error for an unsupported one', async () => {
    const text = Buffer.from('no picture');
    const { body } = await service.compare('/mediapipe', text, text);

    expect(status.image_formats).toContain('JPEG 2000');
    for (const format of status.image_formats) expect(body['detail']).toContain(format);
  });
});

describe('a service with one detector', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start({ DETECTORS: 'blazeface' });
  });
  afterAll(() => service.stop());

  it('loads only the models that it needs, and reports values that suit the weights', async () => {
    const { body } = await service.get('/');
    expect(body).toMatchObject({ detectors: ['blazeface'], crop_rule: 'square', defaults: { threshold: 0.6 } });
    const names = (body['models'] as { readonly name: string }[]).map(({ name }) => name);
    expect(names).toContain('blazeface-full-range');
    expect(names).not.toContain('pnet');
  });

  it('has only its own endpoint', async () => {
    expect((await service.compare('/mediapipe', obama, obama2)).body).toMatchObject({ match: true });
    expect(await service.compare('/compare', obama, obama2)).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', detail: 'The detector of /compare is not enabled (DETECTORS).' },
    });
    const { paths } = (await service.get('/openapi.json')).body;
    expect(paths).toHaveProperty('/mediapipe');
    expect(paths).not.toHaveProperty('/compare');
  });
});

it('the startup message says how to send a key if one is required, and never contains it', async () => {
  const service = await Service.start({ API_KEYS: 'the-secret-key', NODE_ENV: 'development' });
  await expect.poll(() => service.output).toContain('/compare\n');
  await service.stop();

  expect(service.output).toContain("curl -H 'X-API-Key: YOUR_KEY' -F image1=");
  expect(service.output).not.toContain('the-secret-key');
});
