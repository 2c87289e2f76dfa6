import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gifOfSize } from './support/bad-photographs.js';
import { rawPost } from './support/raw-http.js';
import { type Answer, photograph, Service } from './support/service.js';

/** The parts of the OpenAPI document used here. */
interface Document {
  readonly components: {
    readonly responses: Readonly<
      Record<
        string,
        { readonly content: Record<string, { readonly examples: Record<string, { readonly value: object }> }> }
      >
    >;
  };
}

const obama = photograph('obama.jpg');

let service: Service;
let strict: Service;
const examples = new Map<string, object>();
beforeAll(async () => {
  service = await Service.start();
  strict = await Service.start({ API_KEYS: 'a-key', RATE_LIMIT_PER_MINUTE: '60' });
  const { components } = (await service.get('/openapi.json')).body as unknown as Document;
  for (const { content } of Object.values(components.responses)) {
    for (const [name, { value }] of Object.entries(content['application/problem+json'].examples)) {
      // A request without photographs may be invalid in other ways.
      if (!('detail' in value && value.detail === 'A request needs one Host header.')) examples.set(name, value);
    }
  }
});
afterAll(() => Promise.all([service.stop(), strict.stop()]));

const compare = (image2: Buffer, options = {}): Promise<Answer> => service.compare('/compare', obama, image2, options);

const tiny = (): Promise<Buffer> => sharp(obama).resize(16, 16).jpeg().toBuffer();

/** One portrait twice, side by side. */
async function twins(): Promise<Buffer> {
  const { data: input, info } = await sharp(obama).resize(400).png().toBuffer({ resolveWithObject: true });
  return sharp(input)
    .extend({ right: info.width })
    .composite([{ input, left: info.width, top: 0 }])
    .jpeg()
    .toBuffer();
}

/** Requests that cause the errors, except those that need a busy, broken or slow service. */
const REQUESTS: Readonly<Record<string, () => Promise<Answer>>> = {
  INVALID_REQUEST: () => compare(obama, { threshold: 2 }),
  INVALID_BASE64: () =>
    service.post('/compare', JSON.stringify({ image1_base64: obama.toString('base64'), image2_base64: '?' })),
  UNSUPPORTED_FORMAT: () => compare(Buffer.from('%PDF-1.7')),
  UNREADABLE_IMAGE: () => compare(obama.subarray(0, obama.length / 2)),
  UNAUTHORIZED: () => strict.post('/compare', '{}'),
  BODY_TOO_LARGE: () =>
    rawPost(`${service.url}/compare`, { 'content-type': 'application/json', 'content-length': '100000000' }, '{', {
      end: false,
    }),
  IMAGE_TOO_LARGE: () => service.compareForm('/compare', { image1: obama, image2: Buffer.alloc(10 * 1024 * 1024 + 1) }),
  TOO_MANY_PIXELS: () => compare(gifOfSize(9000, 6000)),
  UNSUPPORTED_MEDIA_TYPE: () => service.post('/compare', 'obama', { 'content-type': 'text/plain' }),
  EXPECTATION_FAILED: () =>
    rawPost(`${service.url}/compare`, { 'content-type': 'application/json', expect: 'a miracle' }, '{}'),
  IMAGE_TOO_SMALL: async () => compare(await tiny()),
  NO_FACE: () => compare(photograph('cat.png')),
  MULTIPLE_FACES: async () => compare(await twins(), { face_selection: 'single' }),
  LOW_QUALITY: async () => compare(await twins(), { reject_on: ['SEVERAL_FACES'] }),
  HEADERS_TOO_LARGE: () => service.get('/', { 'x-large': 'a'.repeat(20_000) }),
  BOTH_PHOTOGRAPHS: async () => service.compare('/compare', await tiny(), photograph('cat.png')),
  RATE_LIMITED: async () => {
    const asked = () => strict.post('/compare', '{}', { 'x-api-key': 'a-key' });
    for (let i = 0; i < 60; i++) await asked();
    return asked();
  },
};

it.each(Object.entries(REQUESTS))('the example of %s is what the service returns', async (name, ask) => {
  const { body } = await ask();

  expect({ ...body, request_id: '' }).toEqual({ ...examples.get(name), request_id: '' });
});

it('every other example needs a busy, broken or slow service', () => {
  const others = [...examples.keys()].filter((name) => !(name in REQUESTS)).sort();

  expect(others).toEqual(['DEADLINE_EXCEEDED', 'INTERNAL', 'OVERLOADED', 'REQUEST_TIMEOUT', 'WORKER_LOST']);
});
