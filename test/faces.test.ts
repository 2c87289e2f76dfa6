import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, photograph, Service } from './support/service.js';

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');
const biden = photograph('biden.jpg');
const cat = photograph('cat.png');

const DETECTORS = ['mtcnn', 'mediapipe'] as const;

interface Face {
  readonly face_coordinates: [number, number, number, number];
  readonly confidence_score: number;
  readonly landmarks: Readonly<Record<string, [number, number]>>;
  readonly pose: Readonly<Record<string, number>>;
  readonly quality: Readonly<Record<string, number | boolean>>;
  readonly warnings: readonly string[];
  readonly embedding?: readonly number[] | string;
}

let service: Service;
beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service.stop());

const json = (path: string, image: Buffer, more: object = {}): Promise<Answer> =>
  service.post(path, JSON.stringify({ image_base64: image.toString('base64'), ...more }));

const form = (path: string, image: Buffer, fields: Record<string, string> = {}): Promise<Answer> =>
  service.compareForm(path, { image }, fields);

const facesOf = ({ body }: Answer): Face[] => body['faces'] as Face[];

/** Two people side by side; the man on the left is larger. */
const both = await sharp({ create: { width: 1600, height: 1137, channels: 3, background: '#888' } })
  .composite([
    { input: obama, left: 0, top: 0 },
    { input: await sharp(biden).resize({ height: 800 }).toBuffer(), left: 1000, top: 0 },
  ])
  .jpeg()
  .toBuffer();

describe.each(DETECTORS)('POST /detect by %s', (detector) => {
  it('reports each face with its landmarks by name, pose, quality and warnings', async () => {
    const answer = await json('/detect', obama2, { detector });
    const [face, ...others] = facesOf(answer);
    const number = expect.any(Number) as number;

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      faces_found: 1,
      rotation_degrees: 0,
      image_size: { width: 626, height: 1200 },
      queue_time_ms: number,
      decode_time_ms: number,
      detection_time_ms: number,
      total_processing_time_ms: number,
    });
    expect(others).toEqual([]);
    const [x1, y1, x2, y2] = face.face_coordinates;
    for (const [name, [x, y]] of Object.entries(face.landmarks)) {
      expect(x > x1 - 30 && x < x2 + 30 && y > y1 && y < y2, name).toBe(true);
    }
    const { left_eye: left, right_eye: right } = face.landmarks;
    expect(left[0]).toBeLessThan(right[0]);
    expect(Object.keys(face.landmarks).sort()).toEqual(
      detector === 'mtcnn'
        ? ['left_eye', 'mouth_left', 'mouth_right', 'nose', 'right_eye']
        : ['left_ear', 'left_eye', 'mouth', 'nose', 'right_ear', 'right_eye'],
    );
    for (const angle of ['roll', 'yaw', 'pitch']) expect(Math.abs(face.pose[angle])).toBeLessThan(30);
    expect(face.quality['eye_distance']).toBeCloseTo(Math.hypot(right[0] - left[0], right[1] - left[1]), 0);
    expect(face.quality['is_grey']).toBe(false);
    expect(face.warnings).not.toContain('FACE_SMALL');
    expect(answer.headers.get('server-timing')).toMatch(/queue;dur=.*decode;dur=.*detect;dur=.*total;dur=[\d.]+/);
    expect(answer.headers.get('server-timing')).not.toContain('embed');
  });

  it('returns the same for a form as for JSON', async () => {
    const [one] = facesOf(await json('/detect', obama, { detector }));
    const [other] = facesOf(await form('/detect', obama, { detector }));

    expect(other).toEqual(one);
  });

  it('lists all faces, largest first, up to max_faces', async () => {
    const all = await form('/detect', both, { detector });
    const one = await form('/detect', both, { detector, max_faces: '1' });
    const areas = facesOf(all).map(({ face_coordinates: [x1, y1, x2, y2] }) => (x2 - x1) * (y2 - y1));

    expect(all.body['faces_found']).toBe(2);
    expect(areas).toHaveLength(2);
    expect(areas[0]).toBeGreaterThan(areas[1]);
    expect(facesOf(all).map(({ warnings }) => warnings.includes('SEVERAL_FACES'))).toEqual([true, true]);
    expect(facesOf(one)).toEqual(facesOf(all).slice(0, 1));
  });

  it('lists no face if there is none, or none is confident enough', async () => {
    for (const answer of [
      await json('/detect', cat, { detector }),
      await json('/detect', obama, { detector, min_confidence: 1 }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ faces: [], faces_found: 0 });
    }
  });

  it('rotates a photograph that lies on its side, with coordinates as sent', async () => {
    const { body } = await json('/detect', await sharp(obama).rotate(90).jpeg().toBuffer(), { detector });
    const [{ face_coordinates: box }] = body['faces'] as Face[];

    expect(body).toMatchObject({ rotation_degrees: 270, image_size: { width: 1137, height: 910 } });
    expect(box[0]).toBeGreaterThan(1137 / 2);
  });
});

describe('POST /embed', () => {
  it('returns a unit vector of the largest face, and the weights that made it', async () => {
    const { status, headers, body } = await json('/embed', both);
    const [face, ...others] = body['faces'] as Face[];
    const embedding = face.embedding as number[];
    const models = (await service.get('/')).body['models'] as { weights: string; sha256: string }[];
    const weights = body['weights'] as { name: string; sha256: string };

    expect(status).toBe(200);
    expect(others).toEqual([]);
    expect(embedding).toHaveLength(512);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 4);
    expect(weights.sha256).toMatch(/^[\da-f]{64}$/);
    expect(models).toContainEqual(
      expect.objectContaining({ weights: weights.name, sha256: weights.sha256.slice(0, 12) }),
    );
    expect(headers.get('server-timing')).toMatch(/crop;dur=.*embed;dur=/);
  });

  it('writes the same values as base64 of little-endian float32', async () => {
    const [{ embedding: list }] = facesOf(await json('/embed', obama));
    const [{ embedding: text }] = facesOf(await form('/embed', obama, { encoding: 'base64' }));
    const bytes = Buffer.from(text as string, 'base64');

    expect(bytes).toHaveLength(2048);
    expect(Array.from({ length: 512 }, (_, i) => bytes.readFloatLE(4 * i))).toEqual(list);
  });

  it('gives /compare’s similarity', async () => {
    const [one, other] = await Promise.all(
      [obama, obama2].map(async (image) => facesOf(await json('/embed', image))[0].embedding as number[]),
    );
    const { body } = await service.compare('/compare', obama, obama2);
    const cosine = one.reduce((sum, value, i) => sum + value * other[i], 0);

    expect(cosine).toBeCloseTo(Number(body['similarity']), 4);
  });

  it('embeds all faces on request, the largest as alone', async () => {
    const all = facesOf(await json('/embed', both, { faces: 'all' }));
    const [largest] = facesOf(await json('/embed', both));

    expect(all).toHaveLength(2);
    expect(all[0]).toMatchObject({ face_coordinates: largest.face_coordinates });
    const cosine = (all[0].embedding as number[]).reduce(
      (sum, x, i) => sum + x * (largest.embedding as number[])[i],
      0,
    );
    expect(cosine).toBeGreaterThan(0.999);
  });

  it.each(['largest', 'all'])('refuses a photograph without a face: faces=%s', async (faces) => {
    const { status, body } = await json('/embed', cat, { faces });

    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'NO_FACE', image: 'image', detail: 'No face detected in the image.' });
  });

  it.each(['largest', 'all'])('refuses faces with a warning that reject_on lists: faces=%s', async (faces) => {
    const small = await sharp(obama).resize(100).jpeg().toBuffer();
    const asked = { faces, reject_on: ['TOO_BRIGHT', 'FACE_SMALL'] };

    expect((await json('/embed', obama, asked)).status).toBe(200);
    expect(await json('/embed', small, asked)).toMatchObject({
      status: 422,
      body: {
        code: 'LOW_QUALITY',
        image: 'image',
        reasons: ['FACE_SMALL'],
        detail: 'The image has warnings that reject_on lists: FACE_SMALL.',
      },
    });
    for (const reject_on of ['FACE_SMALL', 'TOO_BRIGHT,FACE_SMALL', 'TOO_BRIGHT, FACE_SMALL']) {
      expect((await form('/embed', small, { faces, reject_on })).body).toMatchObject({ reasons: ['FACE_SMALL'] });
    }
  });

  it('leaves out only the faces with such a warning, if others remain', async () => {
    const tiny = await sharp(biden).resize({ height: 150 }).toBuffer();
    const mixed = await sharp(obama2)
      .composite([{ input: tiny, left: 0, top: 0 }])
      .jpeg()
      .toBuffer();
    const all = facesOf(await json('/embed', mixed, { faces: 'all' }));
    const some = facesOf(await json('/embed', mixed, { faces: 'all', reject_on: ['FACE_SMALL'] }));

    expect(all.map(({ warnings }) => warnings.includes('FACE_SMALL'))).toEqual([false, true]);
    expect(some).toEqual(all.slice(0, 1));
  });
});

describe.each(['/detect', '/embed'])('POST %s', (path) => {
  it.each([
    ['image_base64 is missing.', {}],
    ['image_base64 must be a string.', { image_base64: [] }],
    ['detector must be one of mtcnn, mediapipe.', { detector: 'blazeface' }],
    ['max_faces must be an integer from 1 to 100.', { max_faces: 0 }],
    ['max_faces must be an integer from 1 to 100.', { max_faces: 1.5 }],
    ['max_faces must be an integer from 1 to 100.', { max_faces: '3' }],
    ['min_confidence must be a number from 0 to 1.', { min_confidence: 2 }],
    ['threshold is not a known field.', { threshold: 0.6 }],
  ])('describes a bad field: %s', async (detail, fields) => {
    const image =
      'image_base64' in fields || detail.startsWith('image') ? {} : { image_base64: cat.toString('base64') };
    const { status, body } = await service.post(path, JSON.stringify({ ...image, ...fields }));

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'INVALID_REQUEST', detail });
  });

  it('names the photograph at fault, in JSON and in a form', async () => {
    const half = obama.subarray(0, 50_000);
    const unreadable = { status: 400, body: { code: 'UNREADABLE_IMAGE', image: 'image' } };

    expect(await json(path, half)).toMatchObject(unreadable);
    expect(await form(path, half)).toMatchObject(unreadable);
    expect(await service.post(path, JSON.stringify({ image_base64: '?' }))).toMatchObject({
      body: {
        code: 'INVALID_BASE64',
        image: 'image',
        detail: 'The image is neither valid base64 nor a base64 data: URL.',
      },
    });
    expect(await form(path, Buffer.alloc(10 * 1024 * 1024 + 1))).toMatchObject({
      status: 413,
      body: { code: 'IMAGE_TOO_LARGE', image: 'image' },
    });
    expect(await service.compareForm(path, { image1: obama })).toMatchObject({
      status: 400,
      body: { detail: 'Send exactly one file in the field image.' },
    });
  });
});

it.each([
  [{ encoding: 'hex' }, 'encoding must be one of float, base64.'],
  [{ faces: 'every' }, 'faces must be one of largest, all.'],
  [{ reject_on: 'BLURRED' }, /^reject_on must be a list of FACE_SMALL, /],
  [{ reject_on: ['UGLY'] }, /^reject_on must be a list of FACE_SMALL, /],
  [{ reject_on: null }, /^reject_on must be a list of FACE_SMALL, /],
])('/embed describes a bad field: %j', async (fields, detail) => {
  const { status, body } = await json('/embed', cat, fields);

  expect(status).toBe(400);
  expect(body['detail']).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
});

it('without MTCNN, the detector is the first that is enabled, and MTCNN is refused', async () => {
  const only = await Service.start({ DETECTORS: 'blazeface', WORKERS: '1' });
  const post = (more: object): Promise<Answer> =>
    only.post('/detect', JSON.stringify({ image_base64: obama.toString('base64'), ...more }));
  const [byDefault, byName] = [await post({}), await post({ detector: 'mtcnn' })];
  await only.stop();

  expect((byDefault.body['faces'] as { detector: string }[])[0].detector).toContain('blazeface');
  expect(byName).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', detail: 'The detector mtcnn is not enabled (DETECTORS).' },
  });
});
