import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { readMetrics, total } from './support/metrics.js';
import { plain } from './support/pictures.js';
import { rawPost } from './support/raw-http.js';
import { type Answer, photograph, runToExit, Service } from './support/service.js';

const KEY = 'a-key';
const VERIFICATION = '/api/v1/verification/verify';

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');
const biden = photograph('biden.jpg');
const cat = photograph('cat.png');

let service: Service;
beforeAll(async () => {
  service = await Service.start({ COMPATIBILITY: 'compreface,deepface', API_KEYS: KEY, REQUEST_TIMEOUT_MS: '60000' });
});
afterAll(() => service.stop());

const post = (path: string, body: string | FormData, headers: Record<string, string> = {}): Promise<Answer> =>
  fetch(service.url + path, { method: 'POST', body, headers: { 'x-api-key': KEY, ...headers } }).then(toAnswer);

async function toAnswer(response: Response): Promise<Answer> {
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

const postJson = (path: string, body: unknown): Promise<Answer> =>
  post(path, JSON.stringify(body), { 'content-type': 'application/json' });

function form(files: Readonly<Record<string, Buffer>>, fields: Readonly<Record<string, string>> = {}): FormData {
  const data = new FormData();
  for (const [name, bytes] of Object.entries(files)) data.append(name, new Blob([new Uint8Array(bytes)]), 'image.jpg');
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}

/** Two portraits side by side, of one height. */
async function group(): Promise<Buffer> {
  const portraits = [obama, biden].map((portrait) => sharp(portrait).resize({ height: 500 }).png());
  const [one, other] = await Promise.all(portraits.map((portrait) => portrait.toBuffer({ resolveWithObject: true })));
  return plain(one.info.width + other.info.width, 500)
    .composite([
      { input: one.data, left: 0, top: 0 },
      { input: other.data, left: one.info.width, top: 0 },
    ])
    .jpeg()
    .toBuffer();
}

interface CompreFaceFace {
  readonly box: Readonly<Record<string, number>>;
  readonly landmarks?: readonly (readonly number[])[];
  readonly embedding?: readonly number[];
  readonly execution_time?: Readonly<Record<string, number>>;
  readonly similarity?: number;
}

interface CompreFaceResult {
  readonly source_image_face: CompreFaceFace;
  readonly face_matches: readonly CompreFaceFace[];
  readonly plugins_versions?: Readonly<Record<string, string>>;
}

const resultOf = ({ body }: Answer): CompreFaceResult => {
  expect(body).toHaveProperty('result');
  return (body['result'] as CompreFaceResult[])[0];
};

const verify = (source: Buffer, target: Buffer, query = '', fields = {}): Promise<Answer> =>
  post(VERIFICATION + query, form({ source_image: source, target_image: target }, fields));

describe('as CompreFace', () => {
  it('compares the source’s face with every face of the target, the largest first', async () => {
    const {
      source_image_face: source,
      face_matches: matches,
      ...others
    } = resultOf(await verify(obama2, await group()));

    expect(Object.keys(source)).toEqual(['box']);
    expect(Object.keys(source.box).sort()).toEqual(['probability', 'x_max', 'x_min', 'y_max', 'y_min']);
    expect(source.box['x_max']).toBeGreaterThan(source.box['x_min']);
    expect(matches.map(({ similarity = NaN }) => similarity > 0.5).sort()).toEqual([false, true]);
    const widths = matches.map(({ box }) => box['x_max'] - box['x_min']);
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(others).toEqual({});
  });

  it('takes the same in JSON as base64, and has the similarity of /compare', async () => {
    const [source_image, target_image] = [obama.toString('base64'), obama2.toString('base64')];
    const [match] = resultOf(await postJson(VERIFICATION, { source_image, target_image })).face_matches;
    const own = await postJson('/compare', { image1_base64: source_image, image2_base64: target_image, faces: 'all' });

    expect(match.similarity).toBe(own.body['similarity']);
  });

  it('adds what face_plugins and status ask for, in the query string as in the form', async () => {
    const query = '?&limit=0&det_prob_threshold=0.8&face_plugins=landmarks,calculator,age,gender&status=True';
    const inQuery = resultOf(await verify(obama, obama2, query));
    const inForm = resultOf(await verify(obama, obama2, '', { face_plugins: 'landmarks', status: 'true' }));

    for (const face of [inQuery.source_image_face, inQuery.face_matches[0]]) {
      expect(face.landmarks).toHaveLength(5);
      expect(face.landmarks?.flat().every(Number.isInteger)).toBe(true);
      expect(face.embedding).toHaveLength(512);
      expect(Object.keys(face.execution_time ?? {})).toEqual(['detector', 'calculator']);
    }
    expect(inQuery.plugins_versions).toMatchObject({ detector: 'mtcnn' });
    expect(inForm.source_image_face.landmarks).toEqual(inQuery.source_image_face.landmarks);
    expect(inForm.source_image_face).not.toHaveProperty('embedding');
    expect(inForm).toHaveProperty('plugins_versions');
  });

  it('limits the faces, and refuses a source with several unless the limit is 1', async () => {
    const both = await group();

    expect(resultOf(await verify(obama2, both, '?limit=1')).face_matches).toHaveLength(1);
    expect(resultOf(await verify(both, obama2, '?limit=1')).face_matches[0].similarity).toBeTypeOf('number');
    expect(await verify(both, obama2)).toMatchObject({
      status: 400,
      body: { message: 'More than one face in the source image', code: 31 },
    });
  });

  const JSON_TYPE = { 'content-type': 'application/json', 'x-api-key': KEY };

  it.each<[string, number, number, () => Promise<Answer>]>([
    ['no face in the source', 400, 28, () => verify(cat, obama)],
    ['no face in the target', 400, 28, () => verify(obama, cat)],
    ['a text', 400, 21, () => verify(obama, Buffer.from('hello'))],
    ['half a picture', 400, 21, () => verify(obama, obama2.subarray(0, 20_000))],
    ['no base64', 400, 21, () => postJson(VERIFICATION, { source_image: '?', target_image: '?' })],
    ['a missing file', 400, 26, () => post(VERIFICATION, form({ source_image: obama }))],
    ['an empty file', 400, 26, () => verify(obama, Buffer.alloc(0))],
    ['the names of /compare', 400, 26, () => post(VERIFICATION, form({ image1: obama, image2: obama2 }))],
    ['limit=-1', 400, 26, () => verify(obama, obama2, '?limit=-1')],
    ['limit=abc', 400, 26, () => verify(obama, obama2, '?limit=abc')],
    ['limit=1.5', 400, 26, () => verify(obama, obama2, '?limit=1.5')],
    ['two limits', 400, 26, () => verify(obama, obama2, '?limit=1&limit=2')],
    ['a limit in both places', 400, 26, () => verify(obama, obama2, '?limit=1', { limit: '1' })],
    ['det_prob_threshold=1.1', 400, 26, () => verify(obama, obama2, '?det_prob_threshold=1.1')],
    ['status=maybe', 400, 26, () => verify(obama, obama2, '?status=maybe')],
    ['an unknown plugin', 400, 26, () => verify(obama, obama2, '?face_plugins=colour')],
    ['an unknown parameter', 400, 26, () => verify(obama, obama2, '?colour=red')],
    ['__proto__', 400, 26, () => verify(obama, obama2, '?__proto__=1')],
    ['no JSON', 400, 26, () => rawPost(service.url + VERIFICATION, JSON_TYPE, '{"source_image":')],
    ['a wrong key', 401, 10, () => rawPost(service.url + VERIFICATION, { ...JSON_TYPE, 'x-api-key': 'k' }, '{}')],
    [
      'another type of body',
      415,
      0,
      () => rawPost(service.url + VERIFICATION, { ...JSON_TYPE, 'content-type': 'text/plain' }, ''),
    ],
    ['a large picture', 413, 0, () => verify(obama, Buffer.alloc(11e6))],
    [
      'another method',
      405,
      0,
      () => fetch(service.url + VERIFICATION, { headers: { 'x-api-key': KEY } }).then(toAnswer),
    ],
  ])('answers %s with %i and code %i', async (_name, status, code, ask) => {
    const answer = await ask();

    expect(answer.body).toEqual({ message: expect.stringMatching(/./) as string, code });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('x-request-id')).toMatch(/./);
  });

  it('uses the defaults for parameters without a value', async () => {
    expect((await verify(obama, obama2, '?limit=&det_prob_threshold=&face_plugins=&status=')).status).toBe(200);
  });
});

describe('as deepface', () => {
  const same = (): Record<string, string> => ({
    img1: `data:image/jpeg;base64,${obama.toString('base64')}`,
    img2: obama2.toString('base64'),
  });

  it('answers data URIs with a verdict in distances', async () => {
    const { status, body } = await postJson('/verify', same());
    const own = await service.post(
      '/compare',
      JSON.stringify({ image1_base64: same()['img1'], image2_base64: same()['img2'], faces: 'all' }),
      { 'x-api-key': KEY },
    );
    const { img1 } = body['facial_areas'] as {
      img1: { x: number; w: number; left_eye: number[]; right_eye: number[] };
    };

    expect(status).toBe(200);
    expect(body).toMatchObject({
      verified: true,
      distance: 1 - (own.body['similarity'] as number),
      threshold: 0.4,
      detector_backend: 'mtcnn',
      similarity_metric: 'cosine',
    });
    expect(body['time']).toBeLessThan(60);
    // The person's left.
    expect(img1.left_eye[0]).toBeGreaterThan(img1.right_eye[0]);
    expect(img1.x + img1.w).toBeGreaterThan(img1.left_eye[0]);
  });

  it('has the fields that docs/compatibility.md shows', async () => {
    const page = readFileSync(join(PACKAGE_ROOT, 'docs/compatibility.md'), 'utf8');
    const shown = JSON.parse(/```json\n([^]*?)```/.exec(page)?.[1] ?? '') as Record<string, unknown>;
    const { body } = await postJson('/verify', same());
    const areas = (answer: Record<string, unknown>) => Object.keys((answer['facial_areas'] as { img1: object }).img1);

    expect(Object.keys(body)).toEqual(Object.keys(shown));
    expect(areas(body)).toEqual(areas(shown));
  });

  it('takes files, a threshold and a detector', async () => {
    const fields = { threshold: '0.3', detector_backend: 'mediapipe', enforce_detection: 'True', align: 'true' };
    const strict = await post('/verify', form({ img1: obama, img2: obama2 }, { ...fields, threshold: '0.1' }));
    const other = await post('/verify', form({ img1: obama, img2: await group() }, fields));

    expect(strict.body).toMatchObject({ verified: false, threshold: 0.1, detector_backend: 'mediapipe' });
    expect(other.body).toMatchObject({ verified: true, threshold: 0.3 });
  });

  it('takes its own model by name', async () => {
    const model = (await service.get('/')).body['embedder_weights'];

    expect((await postJson('/verify', { ...same(), model_name: model })).body['model']).toBe(model);
  });

  it.each<[string, number, RegExp, () => Promise<Answer>]>([
    [
      'no face',
      400,
      /No face detected in image 2/,
      () => postJson('/verify', { ...same(), img2: cat.toString('base64') }),
    ],
    ['a URL', 400, /URLs are never opened/, () => postJson('/verify', { ...same(), img2: 'http://127.0.0.1/a.jpg' })],
    ['a path', 400, /paths .* never opened/, () => postJson('/verify', { ...same(), img2: '/etc/passwd' })],
    ['a missing photograph', 400, /img2 is missing/, () => postJson('/verify', { img1: same()['img1'] })],
    [
      'a text as a file',
      400,
      /Image 2 is not a JPEG/,
      () => post('/verify', form({ img1: obama, img2: Buffer.from('hello') })),
    ],
    ['another model', 400, /no other model/, () => postJson('/verify', { ...same(), model_name: 'VGG-Face' })],
    ['another detector', 400, /mtcnn, mediapipe/, () => postJson('/verify', { ...same(), detector_backend: 'opencv' })],
    ['another distance', 400, /must be cosine/, () => postJson('/verify', { ...same(), distance_metric: 'euclidean' })],
    ['no face needed', 400, /must be true/, () => postJson('/verify', { ...same(), enforce_detection: false })],
    ['anti-spoofing', 400, /must be false/, () => postJson('/verify', { ...same(), anti_spoofing: true })],
    ['no alignment', 400, /align must be true/, () => postJson('/verify', { ...same(), align: false })],
    ['a larger area', 400, /must be 0/, () => postJson('/verify', { ...same(), expand_percentage: 10 })],
    ['a distance of 3', 400, /from 0 to 2/, () => postJson('/verify', { ...same(), threshold: 3 })],
    ['an unknown field', 400, /colour is not a known field/, () => postJson('/verify', { ...same(), colour: 'red' })],
    ['a query string', 400, /query string/, () => post('/verify?threshold=0.3', form({ img1: obama, img2: obama2 }))],
    ['no key', 401, /key/, () => fetch(`${service.url}/verify`, { method: 'POST', body: '{}' }).then(toAnswer)],
    ['a large picture', 413, /larger/, () => post('/verify', form({ img1: obama, img2: Buffer.alloc(11e6) }))],
  ])('answers %s with %i', async (_name, status, message, ask) => {
    const answer = await ask();

    expect(answer.body).toEqual({ error: expect.stringMatching(message) as string });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});

it('has their operations in its OpenAPI document, with every error that they return', async () => {
  const { paths } = (await service.get('/openapi.json', { 'x-api-key': KEY })).body as unknown as {
    paths: Record<string, { post: { parameters: { name?: string }[]; responses: Record<string, unknown> } }>;
  };
  const { parameters, responses } = paths[VERIFICATION].post;

  expect(parameters.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['limit', 'det_prob_threshold', 'face_plugins', 'status']),
  );
  expect(Object.keys(responses)).toEqual([
    '200',
    '400',
    '401',
    '408',
    '413',
    '415',
    '417',
    '429',
    '431',
    '500',
    '503',
    '504',
  ]);
  expect(JSON.stringify(responses)).toContain('"code":31');
  expect(Object.keys(paths['/verify'].post.responses)).toContain('400');
});

it('has one product without the other, counted and logged like other comparisons', async () => {
  const one = await Service.start({ COMPATIBILITY: 'deepface' });
  try {
    expect((await one.post(VERIFICATION, '{}')).body).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect((await one.post('/verify', '{}')).body).toEqual({ error: 'img1 is missing; img2 is missing.' });
    await fetch(`${one.url}/verify`, { method: 'POST', body: form({ img1: obama, img2: obama2 }) });
    const counted = async (name: string, labels: Record<string, string>): Promise<number> =>
      total(await readMetrics(one), name, labels);
    const route = '/verify';
    await expect.poll(() => counted('face_http_requests_total', { route, status: '200' })).toBe(1);
    expect(await counted('face_http_requests_total', { route, status: '400', code: 'INVALID_REQUEST' })).toBe(1);
    expect(await counted('face_comparisons_total', { match: 'true' })).toBe(1);
    const { paths } = (await one.get('/openapi.json')).body as { paths: Record<string, unknown> };
    expect(Object.keys(paths)).not.toContain(VERIFICATION);
  } finally {
    await one.stop();
  }
});

it('does not start with a product that it does not know', async () => {
  const { code, output } = await runToExit({ COMPATIBILITY: 'compreface,rekognition' });

  expect(code).toBe(1);
  expect(output.trim()).toMatch(/^[^\n]*COMPATIBILITY must be none or one or several of compreface, deepface[^\n]*$/);
});
