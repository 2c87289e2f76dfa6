import { type Arbitrary, gen, type GeneratorValue, nat, noBias, sample } from 'fast-check';
import type { ErrorCode } from '../../apps/api/src/errors/error-table.js';
import { FORM_TYPE, multipart } from '../../test/support/bodies.js';
import type { FuzzCase } from './case.js';
import { mutatedForm } from './form-body.js';
import { mutatedHeaders } from './headers.js';
import { mutatedJson } from './json-body.js';
import { mutatePhotograph, type Source } from './photographs.js';
import { Random } from './random.js';
import { REQUESTS, writeJson } from './requests.js';

/**
 * Acceptable errors for a damaged photograph in a valid body; INVALID_REQUEST if nothing of it is left, IMAGE_TOO_LARGE
 * if segments were repeated.
 */
const OF_PHOTOGRAPHS: readonly ErrorCode[] = [
  'UNSUPPORTED_FORMAT',
  'UNREADABLE_IMAGE',
  'TOO_MANY_PIXELS',
  'IMAGE_TOO_LARGE',
  'IMAGE_TOO_SMALL',
  'NO_FACE',
  'INVALID_REQUEST',
];

/** Decorrelates the choices of neighbouring cases. */
const STRIDE = 0x9e3779b1;

/** Numbers, 0 ≤ number < 1. The mutations themselves favour interesting values. */
const fraction = (): Arbitrary<number> => noBias(nat()).map((drawn) => drawn / 2 ** 31);

/** The source of a case's choices; fast-check shrinks them. */
export const CHOICES = gen();

/** Makes fast-check draw exactly the case with this number; the same seed and number draw the same case. */
export const drawing = (seed: number, number: number): { readonly seed: number; readonly numRuns: number } => ({
  seed: (seed + Math.imul(number, STRIDE)) | 0,
  numRuns: 1,
});

/** Creates the case with this number; the same seed and number create the same case. */
export function makeCase(seed: number, number: number, sources: readonly Source[]): FuzzCase {
  return drawnCase(sample(CHOICES, drawing(seed, number))[0], sources);
}

/** Creates the case that these choices stand for. */
export function drawnCase(draw: GeneratorValue, sources: readonly Source[]): FuzzCase {
  const random = new Random(() => draw(fraction));
  const path = random.chance(0.5) ? random.pick(Object.keys(REQUESTS)) : '/mediapipe';
  return random.chance(0.6) ? photographCase(path, sources, random) : bodyCase(path, sources, random);
}

/** A valid body with one or two damaged photographs. */
function photographCase(path: string, sources: readonly Source[], random: Random): FuzzCase {
  const source = random.pick(sources);
  const damaged = mutatePhotograph(source, sources, random);
  const other = random.chance(0.1)
    ? mutatePhotograph(random.pick(sources), sources, random)
    : random.pick(sources).bytes;
  const images = random.chance(0.5) ? ([damaged, other] as const) : ([other, damaged] as const);
  const asJson = random.chance(0.5);
  const headers = { 'content-type': asJson ? 'application/json' : FORM_TYPE };
  const body = soundBody(path, images, asJson);
  return { kind: `photograph, ${source.format}`, path, headers, body, codes: OF_PHOTOGRAPHS };
}

/** Two valid photographs in a damaged body or under damaged headers. */
function bodyCase(path: string, sources: readonly Source[], random: Random): FuzzCase {
  const images = [random.pick(sources).bytes, random.pick(sources).bytes] as const;
  const asJson = random.chance(0.5);
  const contentType = asJson ? 'application/json' : FORM_TYPE;
  if (random.chance(0.25)) {
    const body = soundBody(path, images, asJson);
    return { kind: 'headers', path, headers: mutatedHeaders(contentType, random), body };
  }
  const { members, parts } = REQUESTS[path](images);
  const body = asJson ? mutatedJson(members, random) : mutatedForm(parts, random);
  return { kind: asJson ? 'body, JSON' : 'body, form', path, headers: { 'content-type': contentType }, body };
}

function soundBody(path: string, images: readonly [Buffer, Buffer], asJson: boolean): Buffer {
  const { members, parts } = REQUESTS[path](images);
  return asJson ? Buffer.from(writeJson(members)) : multipart(parts);
}
