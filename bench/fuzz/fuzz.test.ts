import { beforeAll, describe, expect, it } from 'vitest';
import { join, split } from './containers.js';
import { judge } from './judge.js';
import { makeCase } from './make-case.js';
import type { FuzzCase } from './case.js';
import { type Source, soundPhotographs } from './photographs.js';
import type { RawAnswer } from './send.js';
import { shrinkCase } from './shrink-case.js';

let sources: Source[];
beforeAll(async () => {
  sources = await soundPhotographs();
});

it('splits files into several segments that join to the same file', () => {
  expect(new Set(sources.map(({ format }) => format)).size).toBe(9);
  for (const { format, bytes } of sources) {
    const parts = split(format, bytes);

    expect(parts.length).toBeGreaterThanOrEqual(2);
    expect(join(format, parts).equals(bytes)).toBe(true);
  }
});

describe('a case', () => {
  it('is the same for the same numbers, and different for others', () => {
    expect(makeCase(1, 2, sources)).toEqual(makeCase(1, 2, sources));
    expect(makeCase(1, 2, sources)).not.toEqual(makeCase(1, 3, sources));
    expect(makeCase(1, 2, sources)).not.toEqual(makeCase(2, 2, sources));
  });

  it('covers every kind, with hardly any duplicates', () => {
    const cases = Array.from({ length: 500 }, (_, number) => makeCase(1, number, sources));
    const formats = ['jpeg', 'png', 'webp', 'gif', 'bmp', 'avif', 'tiff', 'heic', 'jp2'].map(
      (format) => `photograph, ${format}`,
    );

    expect(new Set(cases.map(({ kind }) => kind))).toEqual(
      new Set([...formats, 'body, JSON', 'body, form', 'headers']),
    );
    expect(new Set(cases.map(({ body }) => body.toString('latin1'))).size).toBeGreaterThan(450);
  });
});

describe('a failing case', () => {
  const NO_LIMIT_MS = 60_000;
  const makeFailing = (number: number, judge: (fuzzCase: FuzzCase) => string | undefined) =>
    shrinkCase({ seed: 1, number, sources }, (fuzzCase) => Promise.resolve(judge(fuzzCase)), NO_LIMIT_MS);
  const numberOf = (is: (fuzzCase: FuzzCase) => boolean): number => {
    for (let number = 0; ; number++) if (is(makeCase(1, number, sources))) return number;
  };
  const isJson = ({ headers }: FuzzCase): boolean => headers['content-type'] === 'application/json';

  it('shrinks to a simpler one that also fails, and to the same one each time', async () => {
    const judge = ({ kind, body }: FuzzCase): string | undefined =>
      kind === 'body, form' && body.includes('image3') ? 'image3' : undefined;
    const number = numberOf((fuzzCase) => judge(fuzzCase) !== undefined);
    const shrunk = await makeFailing(number, judge);

    expect(shrunk?.reason).toBe('image3');
    expect(shrunk?.fuzzCase.path).toBe('/mediapipe');
    expect(shrunk?.fuzzCase.body.toString('latin1').match(/name="image3"/g)).toHaveLength(1);
    // Both photographs are the first source.
    expect(shrunk?.fuzzCase.body.indexOf(sources[0].bytes)).toBeGreaterThan(0);
    expect(await makeFailing(number, judge)).toEqual(shrunk);
  });

  it('shrinks to the simplest of all if every case fails', async () => {
    const shrunk = await Promise.all([10, 11, 12].map((number) => makeFailing(number, () => 'anything')));

    expect(shrunk.map((failing) => failing?.fuzzCase.kind)).toEqual(Array(3).fill('body, form'));
  });

  it('is judged once, however often it is generated', async () => {
    const judged: string[] = [];
    const number = numberOf(isJson);
    await makeFailing(number, (fuzzCase) => {
      judged.push(JSON.stringify(fuzzCase));
      return isJson(fuzzCase) ? 'JSON' : undefined;
    });

    expect(judged.length).toBeGreaterThan(1);
    expect(new Set(judged).size).toBe(judged.length);
  });

  it('stops shrinking when the time is up', async () => {
    let judged = 0;
    const answer = (): Promise<string | undefined> =>
      ++judged > 3 ? new Promise(() => undefined) : Promise.resolve(`failure ${judged}`);
    const shrunk = await shrinkCase({ seed: 1, number: 3, sources }, answer, 100);

    expect(shrunk?.reason).toBe('failure 3');
  });

  it('does not shrink if it does not fail again', async () => {
    expect(await makeFailing(3, () => undefined)).toBeUndefined();
  });
});

describe('an answer', () => {
  const problem = {
    status: 422,
    title: 'No face detected',
    detail: 'No face detected in image 2.',
    code: 'NO_FACE',
    image: 2,
    request_id: 'id',
  };
  const answer = (status: number, body: unknown, type = 'application/problem+json'): RawAnswer => ({
    status,
    headers: { 'content-type': type, 'x-request-id': 'id' },
    text: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const image = { face_coordinates: [0, 0, 10, 10], confidence_score: 1, image_size: { width: 10, height: 10 } };
  const verdict = {
    similarity: 0.7,
    match: true,
    image1_metrics: image,
    image2_metrics: image,
    comparison_metrics: { threshold_used: 0.6 },
  };

  it('is valid if it is a verdict or a client error', () => {
    expect(judge(answer(200, verdict, 'application/json'))).toBeUndefined();
    expect(judge(answer(422, problem))).toBeUndefined();
    expect(judge(answer(422, problem), ['NO_FACE'])).toBeUndefined();
  });

  it.each([
    [
      'a server error',
      answer(500, { ...problem, status: 500, code: 'INTERNAL', title: 'Internal error' }),
      'status 500',
    ],
    ['no JSON', answer(400, '<html>'), 'the answer is not JSON'],
    ['an unknown code', answer(422, { ...problem, code: 'SOMETHING' }), 'unknown code SOMETHING'],
    [
      'a code that is a property of every object',
      answer(422, { ...problem, code: 'toString' }),
      'unknown code toString',
    ],
    ['a code with another status', answer(400, { ...problem, status: 400 }), 'NO_FACE with status 400'],
    ['a body with another status', answer(422, { ...problem, status: 400 }), 'NO_FACE with status 422'],
    ['an error with another title', answer(422, { ...problem, title: 'Oh no' }), 'NO_FACE with title Oh no'],
    ['an error with another content type', answer(422, problem, 'application/json'), 'content type of NO_FACE'],
    ['another request’s id', answer(422, { ...problem, request_id: 'other' }), 'request id of NO_FACE'],
    ['a stack trace', answer(422, { ...problem, detail: 'Error\n    at file.js' }), 'detail of NO_FACE'],
    ['no detail', answer(422, { ...problem, detail: '' }), 'detail of NO_FACE'],
    ['a third photograph', answer(422, { ...problem, image: 3 }), 'image of NO_FACE'],
    ['an unknown field', answer(422, { ...problem, stack: 'x' }), 'NO_FACE with the field stack'],
    ['a verdict with another content type', answer(200, verdict), 'content type of a verdict'],
    [
      'a verdict that contradicts its similarity',
      answer(200, { ...verdict, match: false }, 'application/json'),
      'the match does not follow from the similarity',
    ],
    ['an invalid similarity', answer(200, { ...verdict, similarity: null }, 'application/json'), 'similarity null'],
    [
      'a face outside its photograph',
      answer(200, { ...verdict, image2_metrics: { ...image, face_coordinates: [0, 0, 11, 10] } }, 'application/json'),
      'box 0 0 11 10 in 10×10',
    ],
    [
      'a confidence above 1',
      answer(200, { ...verdict, image1_metrics: { ...image, confidence_score: 1.1 } }, 'application/json'),
      'confidence 1.1',
    ],
  ])('is invalid for %s', (_name, wrong, reason) => {
    expect(judge(wrong)).toBe(reason);
  });

  it('is invalid if its code does not fit the request', () => {
    expect(judge(answer(422, problem), ['UNREADABLE_IMAGE'])).toBe('NO_FACE is no answer to this');
  });
});
