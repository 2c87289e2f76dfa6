import { beforeAll, describe, expect, it } from 'vitest';
import { join, split } from './containers.js';
import { judge } from './judge.js';
import { makeCase } from './make-case.js';
import { type Source, soundPhotographs } from './photographs.js';
import type { RawAnswer } from './send.js';

let sources: Source[];
beforeAll(async () => {
  sources = await soundPhotographs();
});

it('takes files apart into several pieces that are the file again', () => {
  expect(new Set(sources.map(({ format }) => format)).size).toBe(9);
  for (const { format, bytes } of sources) {
    const parts = split(format, bytes);

    expect(parts.length).toBeGreaterThanOrEqual(2);
    expect(join(format, parts).equals(bytes)).toBe(true);
  }
});

describe('a case', () => {
  it('is the same for the same numbers, and another for others', () => {
    expect(makeCase(1, 2, sources)).toEqual(makeCase(1, 2, sources));
    expect(makeCase(1, 2, sources)).not.toEqual(makeCase(1, 3, sources));
    expect(makeCase(1, 2, sources)).not.toEqual(makeCase(2, 2, sources));
  });

  it('comes in every kind, and hardly ever twice', () => {
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

  it('is fine where it is a verdict or an error of the caller', () => {
    expect(judge(answer(200, verdict, 'application/json'))).toBeUndefined();
    expect(judge(answer(422, problem))).toBeUndefined();
    expect(judge(answer(422, problem), ['NO_FACE'])).toBeUndefined();
  });

  it.each([
    ['an error of the service', answer(500, { ...problem, status: 500, code: 'INTERNAL', title: 'Internal error' })],
    ['no JSON', answer(400, '<html>')],
    ['an unknown code', answer(422, { ...problem, code: 'SOMETHING' })],
    ['a code that is a property of every object', answer(422, { ...problem, code: 'toString' })],
    ['a code under another status', answer(400, { ...problem, status: 400 })],
    ['an error under another title', answer(422, { ...problem, title: 'Oh no' })],
    ['an error as another type', answer(422, problem, 'application/json')],
    ['another request’s id', answer(422, { ...problem, request_id: 'other' })],
    ['a stack trace', answer(422, { ...problem, detail: 'Error\n    at file.js' })],
    ['no detail', answer(422, { ...problem, detail: '' })],
    ['a third photograph', answer(422, { ...problem, image: 3 })],
    ['a field that nobody knows', answer(422, { ...problem, stack: 'x' })],
    ['a verdict against its similarity', answer(200, { ...verdict, match: false }, 'application/json')],
    ['a similarity that is none', answer(200, { ...verdict, similarity: null }, 'application/json')],
    [
      'a face outside its photograph',
      answer(200, { ...verdict, image2_metrics: { ...image, face_coordinates: [0, 0, 11, 10] } }, 'application/json'),
    ],
  ])('is wrong where it is %s', (_name, wrong) => {
    expect(judge(wrong)).toEqual(expect.any(String));
  });

  it('is wrong where its code does not fit what was asked', () => {
    expect(judge(answer(422, problem), ['UNREADABLE_IMAGE'])).toEqual(expect.any(String));
  });
});
