import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, photograph, Service } from './support/service.js';

/** Eight pairs: of one man, of two, and of faces of several sizes. */
const PAIRS = [
  ['obama.jpg', 'obama2.jpg'],
  ['obama.jpg', 'biden.jpg'],
  ['biden.jpg', 'obama2.jpg'],
  ['obama2.jpg', 'obama_partial_face.jpg'],
  ['obama_partial_face.jpg', 'biden.jpg'],
  ['obama2.jpg', 'obama.jpg'],
  ['biden.jpg', 'biden.jpg'],
  ['obama_partial_face.jpg', 'obama.jpg'],
] as const;

/** How long the batching service lets a face wait for others. */
const WAIT_MS = 100;

const ENDPOINTS = ['/compare', '/mediapipe'] as const;

let plain: Service;
let batching: Service;
beforeAll(async () => {
  plain = await Service.start({ WORKERS: '1' });
  batching = await Service.start({ WORKERS: '1', BATCH_MAX_FACES: '4', BATCH_MAX_WAIT_MS: String(WAIT_MS) });
});
afterAll(() => Promise.all([plain.stop(), batching.stop()]));

const compare = (
  service: Service,
  path: string,
  [first, second]: readonly [string, string],
  read: (name: string) => Buffer = photograph,
): Promise<Answer> => service.compare(path, read(first), read(second));

/** A response's data about the faces, without the times. */
function verdict({ status, body }: Answer) {
  const of = (image: string) => {
    const { face_coordinates: box, detector } = body[`${image}_metrics`] as Record<string, unknown>;
    return { box, detector };
  };
  return { status, match: body['match'], image1: of('image1'), image2: of('image2') };
}

it.each(ENDPOINTS)('%s returns the same to eight concurrent clients as sequentially without batches', async (path) => {
  // PNGs, because a service that batches does without the quicker decoder of JPEGs.
  const files = new Map<string, Buffer>();
  for (const name of new Set(PAIRS.flat())) files.set(name, await sharp(photograph(name)).png().toBuffer());
  const png = (name: string): Buffer => files.get(name) ?? Buffer.alloc(0);
  const expected = [];
  for (const pair of PAIRS) expected.push(await compare(plain, path, pair, png));
  const answers = await Promise.all(PAIRS.map((pair) => compare(batching, path, pair, png)));

  for (const [i, answer] of answers.entries()) {
    expect(verdict(answer)).toEqual(verdict(expected[i]));
    expect(answer.body['similarity']).toBeCloseTo(expected[i].body['similarity'] as number, 4);
  }
});

it.each(ENDPOINTS)('%s fails only the bad photographs in a mixed batch', async (path) => {
  const good = photograph('obama.jpg');
  const truncated = good.subarray(0, good.length / 2);
  const answers = await Promise.all([
    compare(batching, path, ['obama.jpg', 'obama2.jpg']),
    compare(batching, path, ['cat.png', 'obama.jpg']),
    batching.compare(path, good, truncated),
    compare(batching, path, ['obama.jpg', 'biden.jpg']),
    batching.compare(path, Buffer.from('no image'), good),
    compare(batching, path, ['obama2.jpg', 'obama.jpg']),
  ]);

  expect(answers.map(({ status, body }) => [status, body['match'] ?? body['code']])).toEqual([
    [200, true],
    [422, 'NO_FACE'],
    [400, 'UNREADABLE_IMAGE'],
    [200, false],
    [400, 'UNSUPPORTED_FORMAT'],
    [200, true],
  ]);
});

it('lets the two faces of a lone pair wait for others as long as allowed, in the detector and the embedder', async () => {
  const { status, body } = await compare(batching, '/mediapipe', ['obama.jpg', 'obama2.jpg']);
  expect(status).toBe(200);
  const longest = (part: string, value: string): number =>
    Math.max(...[1, 2].map((i) => (body[part.replace('N', String(i))] as Record<string, number>)[value]));
  // Timers count whole milliseconds and may fire up to one early.
  expect(longest('imageN_metrics', 'detection_time_ms')).toBeGreaterThan(WAIT_MS - 2);
  expect(longest('embeddingN_metrics', 'embedding_time_ms')).toBeGreaterThan(WAIT_MS - 2);
});

it('a worker that takes four photographs at a time still queues the rest', async () => {
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, i) => compare(batching, '/mediapipe', PAIRS[i % PAIRS.length])),
  );
  expect(answers.map(({ status }) => status)).toEqual(new Array(24).fill(200));
  expect((await batching.get('/')).body).toMatchObject({ status: 'ok', workers: 1 });
});
