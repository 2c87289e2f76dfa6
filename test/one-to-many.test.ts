import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullService, hold, HOLD } from './support/held-service.js';
import { readMetrics, total } from './support/metrics.js';
import { type Answer, photograph, Service } from './support/service.js';

const PATH = '/compare/many';

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');
const biden = photograph('biden.jpg');
const cat = photograph('cat.png');
const half = obama.subarray(0, 50_000);
const small = await sharp(obama2).resize(60).jpeg().toBuffer();

interface Result {
  readonly index: number;
  readonly similarity?: number;
  readonly match?: boolean;
  readonly face?: Readonly<Record<string, unknown>>;
  readonly problem?: { readonly code: string; readonly detail: string; readonly reasons?: readonly string[] };
}
interface Embedded {
  readonly embedding: number[] | string;
  readonly weights: { readonly name: string; readonly sha256: string };
}

let service: Service;
beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service.stop());

const base64 = (image: Buffer): { image_base64: string } => ({ image_base64: image.toString('base64') });

const body = (reference: Buffer, candidates: readonly unknown[], more: object = {}): string =>
  JSON.stringify({ reference_base64: reference.toString('base64'), candidates, ...more });

const post = (candidates: readonly unknown[], more: object = {}, reference = obama): Promise<Answer> =>
  service.post(PATH, body(reference, candidates, more));

async function postForm(
  reference: Buffer,
  candidates: readonly Buffer[],
  fields: Record<string, string> = {},
): Promise<Answer> {
  const form = new FormData();
  const file = (bytes: Buffer): Blob => new Blob([new Uint8Array(bytes)]);
  form.append('reference', file(reference), 'reference.jpg');
  for (const candidate of candidates) form.append('candidate', file(candidate), 'candidate.jpg');
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const response = await fetch(service.url + PATH, { method: 'POST', body: form });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

async function embed(image: Buffer, encoding = 'float'): Promise<Embedded> {
  const answer = await service.post('/embed', JSON.stringify({ ...base64(image), encoding }));
  const [{ embedding }] = answer.body['faces'] as Embedded[];
  return { embedding, weights: answer.body['weights'] as Embedded['weights'] };
}

const resultsOf = (answer: Answer): Result[] => answer.body['results'] as Result[];

describe('one against many', () => {
  it('sorts the candidates by similarity, and gives /compare’s', async () => {
    const answer = await post([biden, obama2, obama].map(base64));
    const pair = await service.compare('/compare', obama, obama2);
    const [first, second, third] = resultsOf(answer);

    expect(answer.status).toBe(200);
    expect(resultsOf(answer).map(({ index, match }) => [index, match])).toEqual([
      [2, true],
      [1, true],
      [0, false],
    ]);
    expect(first.similarity).toBeCloseTo(1, 3);
    expect(second.similarity).toBeCloseTo(Number(pair.body['similarity']), 4);
    expect(second.similarity).toBeGreaterThan(third.similarity ?? NaN);
    const metrics = pair.body['image2_metrics'] as Record<string, unknown>;
    expect(second.face).toMatchObject({ face_coordinates: metrics['face_coordinates'], warnings: metrics['warnings'] });
    expect(answer.body).toMatchObject({
      partial: false,
      threshold_used: 0.6,
      reference_metrics: { image_size: { width: 910, height: 1137 } },
    });
    expect(answer.headers.get('server-timing')).toMatch(/decode;dur=.*total;dur=/);
  });

  it('returns the same for a form as for JSON', async () => {
    const fields = { threshold: '0.9', detector: 'mediapipe', reject_on: 'FACE_SMALL' };
    const form = await postForm(obama, [biden, half, small, obama2], fields);
    const json = await post([biden, half, small, obama2].map(base64), {
      threshold: 0.9,
      detector: 'mediapipe',
      reject_on: ['FACE_SMALL'],
    });

    expect(form.status).toBe(200);
    expect(form.body).toMatchObject({ threshold_used: 0.9 });
    expect(form.body['results']).toEqual(json.body['results']);
    expect(resultsOf(form).map(({ index }) => index)).toEqual([3, 0, 1, 2]);
  });

  it('gives each bad candidate its own problem, and compares the others', async () => {
    const { embedding, weights } = await embed(obama2);
    const of = (value: unknown): object => ({ embedding: value, weights });
    const answer = await post(
      [
        base64(cat),
        base64(half),
        { image_base64: '?' },
        base64(Buffer.from('text')),
        of([...(embedding as number[]).slice(1)]),
        of('AAAA'),
        // 512 numbers of 64 bits.
        of(Buffer.alloc(4096, 1).toString('base64')),
        of(Array<number>(512).fill(0)),
        of([...(embedding as number[]).slice(1), 1e300]),
        { embedding, weights: { sha256: '0'.repeat(64) } },
        base64(small),
        base64(obama2),
      ],
      { reject_on: ['FACE_SMALL'] },
    );
    const [best, ...others] = resultsOf(answer);

    expect(answer.status).toBe(200);
    expect(best).toMatchObject({ index: 11, match: true });
    expect(others.map(({ index, problem }) => [index, problem?.code])).toEqual([
      [0, 'NO_FACE'],
      [1, 'UNREADABLE_IMAGE'],
      [2, 'INVALID_BASE64'],
      [3, 'UNSUPPORTED_FORMAT'],
      [4, 'INVALID_EMBEDDING'],
      [5, 'INVALID_EMBEDDING'],
      [6, 'INVALID_EMBEDDING'],
      [7, 'INVALID_EMBEDDING'],
      [8, 'INVALID_EMBEDDING'],
      [9, 'WEIGHTS_MISMATCH'],
      [10, 'LOW_QUALITY'],
    ]);
    expect(others[0].problem?.detail).toBe('No face detected in the candidate.');
    expect(others[10].problem?.reasons).toEqual(['FACE_SMALL']);
    expect(answer.body).toMatchObject({ partial: false });
  });

  it('compares embeddings of /embed in both encodings as if they were photographs', async () => {
    const answer = await post([base64(obama2), await embed(obama2), await embed(obama2, 'base64'), await embed(biden)]);
    const [a, b, c, last] = resultsOf(answer);

    for (const { similarity } of [b, c]) expect(similarity).toBeCloseTo(a.similarity ?? NaN, 4);
    expect(resultsOf(answer).filter(({ face }) => face !== undefined)).toMatchObject([{ index: 0 }]);
    expect(last).toMatchObject({ index: 3, match: false });
  });

  it('takes 32 photographs, and 32 embeddings', async () => {
    const tiny = await sharp(obama2).resize(200).jpeg().toBuffer();
    const photographs = await post(Array<unknown>(32).fill(base64(tiny)));
    const embeddings = await post(Array<unknown>(32).fill(await embed(obama2)));

    for (const answer of [photographs, embeddings]) {
      expect(answer.status).toBe(200);
      expect(resultsOf(answer).map(({ match }) => match)).toEqual(Array<boolean>(32).fill(true));
    }
    expect(service.output).not.toContain('MaxListeners');
  });

  it('counts every photograph and every verdict', async () => {
    const counts = async (): Promise<number[]> => {
      const samples = await readMetrics(service);
      return [
        total(samples, 'face_comparisons_total'),
        total(samples, 'face_faces_found_count'),
        total(samples, 'face_http_requests_total', { route: PATH, status: '200' }),
      ];
    };
    const before = await counts();
    await post([base64(obama2), await embed(biden), base64(half)]);
    const after = await counts();

    // /embed has analysed one photograph.
    expect(after.map((count, i) => count - before[i])).toEqual([2, 3, 1]);
  });

  it.each([
    ['NO_FACE', 422, cat],
    ['UNREADABLE_IMAGE', 400, half],
  ])('refuses a reference that is at fault: %s', async (code, status, reference) => {
    const blamed = { status, body: { code, image: 'reference' } };

    expect(await post([base64(obama2)], {}, reference)).toMatchObject(blamed);
    expect(await postForm(reference, [obama2])).toMatchObject(blamed);
  });

  it('refuses a reference with a warning that reject_on lists', async () => {
    const answer = await post([base64(obama2)], { reject_on: ['FACE_SMALL'] }, small);

    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'LOW_QUALITY', image: 'reference', reasons: ['FACE_SMALL'] },
    });
  });
});

describe('an invalid body', () => {
  const vector = Array<number>(512).fill(0.04);
  const weights = { sha256: '0'.repeat(64) };
  it.each<[detail: string, candidates: unknown]>([
    ['candidates must be a list of 1 to 32.', undefined],
    ['candidates must be a list of 1 to 32.', []],
    ['candidates must be a list of 1 to 32.', {}],
    ['candidates must be a list of 1 to 32.', obama2.toString('base64')],
    ['candidates must be a list of 1 to 32.', Array<unknown>(33).fill(base64(small))],
    ['candidates[0] must be an object.', [obama2.toString('base64')]],
    ['candidates[1] must be an object.', [base64(obama2), null]],
    ['candidates[0] must have either image_base64 or embedding.', [{}]],
    ['candidates[0] must have either image_base64 or embedding.', [{ ...base64(obama2), embedding: vector, weights }]],
    ['candidates[0].image_base64 must be a string.', [{ image_base64: 1 }]],
    ['candidates[0].image_base64 must not be empty.', [{ image_base64: '' }]],
    ['candidates[0].weights belongs to an embedding.', [{ ...base64(obama2), weights }]],
    ['candidates[0].embedding must be a list of numbers, or base64.', [{ embedding: { 0: 1 }, weights }]],
    ['candidates[0].embedding must be a list of numbers, or base64.', [{ embedding: ['1'], weights }]],
    ['candidates[0].weights must be an object with the text sha256.', [{ embedding: vector }]],
    ['candidates[0].weights must be an object with the text sha256.', [{ embedding: vector, weights: 'casia' }]],
    ['candidates[0].weights.name must be a text.', [{ embedding: vector, weights: { ...weights, name: 1 } }]],
    ['candidates[0].weights.x is not a known field.', [{ embedding: vector, weights: { ...weights, x: 1 } }]],
    ['candidates[0].image1_base64 is not a known field.', [{ image1_base64: small.toString('base64') }]],
    [
      'Besides the photographs, the body may have at most 832 kB, 16672 members and 4 levels.',
      [{ embedding: [[vector]], weights }],
    ],
  ])('is described: %s (%#)', async (detail, candidates) => {
    const { status, body: problem } = await service.post(PATH, body(obama, [], { candidates }));

    expect(status).toBe(400);
    expect(problem).toMatchObject({ code: 'INVALID_REQUEST', detail });
  });

  it('pollutes nothing', async () => {
    const candidate = JSON.stringify(base64(obama2)).replace('{', '{"__proto__":{"threshold":-1},');
    const sent = body(obama, ['candidate']).replace('"candidate"', candidate);

    expect((await service.post(PATH, sent)).body).toMatchObject({
      code: 'INVALID_REQUEST',
      detail: 'candidates[0].__proto__ is not a known field.',
    });
  });

  it.each([
    ['reference_base64 is missing.', { candidates: [base64(small)] }],
    ['image_base64 is not a known field.', { ...base64(obama), reference_base64: 'AAAA', candidates: [base64(small)] }],
  ])('is described: %s', async (detail, fields) => {
    expect((await service.post(PATH, JSON.stringify(fields))).body).toMatchObject({ detail });
  });

  it('is described for a form', async () => {
    const tooMany = await postForm(obama, Array<Buffer>(33).fill(small));
    const none = await postForm(obama, []);
    const empty = await postForm(obama, [Buffer.alloc(0), obama2]);
    const large = await postForm(obama, [Buffer.alloc(10 * 1024 * 1024 + 1), obama2]);

    expect(tooMany).toMatchObject({
      status: 400,
      body: { detail: 'Send exactly one file in the field reference, and 1 to 32 in the field candidate.' },
    });
    expect(none).toMatchObject({ status: 400, body: { detail: 'candidate must be a list of 1 to 32.' } });
    expect(resultsOf(empty)).toMatchObject([{ index: 1 }, { index: 0, problem: { code: 'INVALID_REQUEST' } }]);
    expect(resultsOf(large)).toMatchObject([{ index: 1 }, { index: 0, problem: { code: 'IMAGE_TOO_LARGE' } }]);
  });
});

it('answers what is done when time runs out', async () => {
  const held = await Service.start({ ...HOLD, WORKERS: '1', REQUEST_TIMEOUT_MS: '10000' });
  const { embedding, weights } = await embed(obama2);
  const candidates = [base64(obama2), { embedding, weights }, ...Array<unknown>(20).fill(base64(biden))];
  const asked = held.post(PATH, body(obama, candidates));
  const analysed = async (): Promise<number> => total(await readMetrics(held), 'face_faces_found_count');
  while ((await analysed()) < 2);
  hold(held);
  const { status, body: answer } = await asked;
  await held.stop();

  expect(status).toBe(200);
  expect(answer['partial']).toBe(true);
  const results = answer['results'] as Result[];
  expect(results).toHaveLength(22);
  expect(results.slice(0, 2).map(({ match }) => match)).toEqual([true, true]);
  const last = results.at(-1);
  expect(last).toEqual({ index: 21, problem: { code: 'NOT_DONE', detail: 'The candidate was not done in time.' } });
});

it('is refused while there is no room for its photographs, and for good if there never is', async () => {
  const full = await fullService();
  const waiting = await full.post(PATH, body(obama, [base64(obama2)]));
  hold(full);
  while ((await full.post('/compare', '{}')).status === 503);
  const never = await full.post(PATH, body(obama, [base64(obama2), base64(biden)]));
  await full.stop();

  expect(waiting).toMatchObject({ status: 503, body: { code: 'OVERLOADED' } });
  expect(never).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
  expect(never.body['detail']).toBe('The request needs 3 slots at once; the service has 2 (WORKERS and MAX_QUEUE).');
});
