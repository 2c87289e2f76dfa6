import { describe, expect, it } from 'vitest';
import type { FaceQuality } from '#face';
import { ORDINARY_QUALITY } from '../quality.fixture.js';
import type { ScoredPairs } from '../scores/scored-pairs.js';
import { equalError } from './equal-error.js';
import { ErrorRates } from './error-rates.js';
import { errorDiscard } from './error-discard.js';
import { evaluate, type ScoredSet } from './evaluate.js';
import { reviewBand } from './review-band.js';

const quality = (changes: Partial<FaceQuality>): FaceQuality => ({ ...ORDINARY_QUALITY, ...changes });

const pairs = (...of: readonly (readonly [first: number, second: number, similarity: number])[]): ScoredPairs => ({
  similarities: Float64Array.from(of, ([, , similarity]) => similarity),
  photographs: {
    first: Uint32Array.from(of, ([first]) => first),
    second: Uint32Array.from(of, ([, second]) => second),
  },
  total: of.length,
});

/** Two people; the second photograph of each is small, the third grey. */
const SET: ScoredSet = {
  genuine: pairs([0, 1, 0.5], [0, 2, 0.9], [1, 2, 0.4], [3, 4, 0.7], [3, 5, 0.8], [4, 5, 0.65]),
  impostor: pairs([0, 3, 0.1], [0, 4, 0.2], [1, 3, 0.3], [1, 4, 0.62], [2, 5, 0.05]),
  photographs: {
    names: ['a1', 'a2', 'a3', 'b1', 'b2', 'b3'],
    qualities: [{}, { faceWidth: 30 }, { isGrey: true }, { faceWidth: 200 }, { faceWidth: 39 }, { isGrey: true }].map(
      quality,
    ),
    people: Uint32Array.of(0, 0, 0, 1, 1, 1),
  },
};

describe('an evaluation', () => {
  const { rates } = evaluate(SET, { fmr: [0.2, 0.1], threshold: 0.6 });

  it('has the rates at the threshold in use', () => {
    expect(rates?.current).toMatchObject({ fmr: { errors: 1, of: 5, rate: 0.2 }, fnmr: { errors: 2, of: 6 } });
  });

  it('has the threshold for each rate that the pairs can show', () => {
    expect(rates?.points).toMatchObject([
      { wanted_fmr: 0.2, point: { threshold: 0.62, fmr: { errors: 1 }, fnmr: { errors: 2 } } },
      { wanted_fmr: 0.1, point: null },
    ]);
  });

  it('has the rates by the narrower face and by the number of grey photographs', () => {
    const parts = (of: readonly { part: string; fmr: { of: number } | null; fnmr: { of: number } | null }[] = []) =>
      of.map(({ part, fmr, fnmr }) => [part, fmr?.of, fnmr?.of]);

    expect(parts(rates?.by.face_width)).toEqual([
      ['under 40 px', 3, 4],
      ['80 to 160 px', 2, 2],
    ]);
    expect(parts(rates?.by.colour)).toEqual([
      ['both in colour', 4, 2],
      ['one grey', undefined, 4],
      ['both grey', 1, undefined],
    ]);
    expect(rates?.by.face_width[0]).toMatchObject({ fmr: { errors: 1 }, fnmr: { errors: 2 } });
  });

  it('has the pairs most wrong, the worst first', () => {
    expect(rates?.most_wrong.genuine.slice(0, 2)).toEqual([
      { similarity: 0.4, image1: 'a2', image2: 'a3' },
      { similarity: 0.5, image1: 'a1', image2: 'a2' },
    ]);
    expect(rates?.most_wrong.impostor.map(({ similarity }) => similarity)).toEqual([0.62, 0.3, 0.2, 0.1, 0.05]);
  });

  it('has curves of which every pair is a part', () => {
    const bars = rates?.curves.histogram ?? [];
    const sum = (of: 'genuine' | 'impostor'): number => bars.reduce((all, bar) => all + bar[of], 0);

    expect(sum('genuine')).toBeCloseTo(1, 10);
    expect(sum('impostor')).toBeCloseTo(1, 10);
    expect(rates?.curves.rates[0]).toMatchObject({ fmr: 1, fnmr: 0 });
    for (const { threshold, fmr, fnmr } of rates?.curves.det ?? []) {
      expect(fmr).toBe(SET.impostor.similarities.filter((score) => score >= threshold).length / 5);
      expect(fnmr).toBe(SET.genuine.similarities.filter((score) => score < threshold).length / 6);
    }
  });

  it('is the same every time', () => {
    expect(evaluate(SET, { fmr: [0.2, 0.1], threshold: 0.6 }).rates).toEqual(rates);
  });

  it.each(['genuine', 'impostor'] as const)('has no rates without %s pairs', (kind) => {
    expect(evaluate({ ...SET, [kind]: pairs() }, { fmr: [0.1], threshold: 0.6 }).rates).toBeNull();
  });
});

describe('the review band', () => {
  const genuine = Float64Array.from({ length: 1000 }, (_, i) => 0.3 + (0.6 * i) / 1000);
  const impostor = Float64Array.from({ length: 1000 }, (_, i) => -0.2 + (0.7 * i) / 1000);
  const rates = new ErrorRates(genuine, impostor);

  it('reaches from an FNMR of 1 % to the threshold for the lowest FMR, rounded outwards', () => {
    const strictest = rates.thresholdForFmr(1e-3);
    const band = reviewBand(rates, strictest, 0.45);

    expect(strictest).toBeCloseTo(0.4993, 10);
    expect(band).toMatchObject({ low: 0.3, high: 0.5 });
    const { genuine_share: reviewed } = band as { genuine_share: number };
    expect(reviewed).toBe(genuine.filter((score) => score >= 0.3 && score < 0.5).length / 1000);
  });

  it('contains the threshold in use', () => {
    expect(reviewBand(rates, 0.4993, 0.633)).toMatchObject({ low: 0.3, high: 0.64 });
    expect(reviewBand(rates, 0.4993, 0.249)).toMatchObject({ low: 0.24, high: 0.5 });
  });

  it('is not needed where one threshold keeps both rates, and not known without a rate', () => {
    expect(reviewBand(rates, 0.3, 0.45)).toBe('unneeded');
    expect(reviewBand(rates, undefined, 0.45)).toBe('not enough data');
    const few = new ErrorRates(genuine.slice(0, 99), impostor);
    expect(reviewBand(few, 0.4993, 0.45)).toBe('not enough data');
  });
});

describe('error versus discard', () => {
  const qualities = Array.from({ length: 40 }, (_, i) => quality({ sharpness: i / 100, eyeDistance: 40 - i }));
  // The blurred pairs are those that do not match.
  const ofPairs = pairs(...Array.from({ length: 20 }, (_, i) => [i, 39 - i, i < 10 ? 0.4 : 0.8] as const));

  it('falls where the measure tells the bad pairs, and rises where it prefers them', () => {
    const discards = errorDiscard(ofPairs, qualities, 0.6);
    const of = (measure: string) => discards.find((discard) => discard.measure === measure)?.points;

    expect(of('sharpness')?.[0]).toEqual([0, 0.5]);
    expect(of('sharpness')?.at(-1)).toEqual([0.5, 0]);
    expect(of('contrast')).toHaveLength(26);
  });

  it('is not shown of few pairs', () => {
    expect(errorDiscard(pairs([0, 1, 0.5]), qualities, 0.6)).toEqual([]);
  });
});

it('has an equal error rate above all similarities where most genuine pairs share the highest with impostors', () => {
  const rates = new ErrorRates(Float64Array.of(0.1, 0.9, 0.9), Float64Array.of(0.9));
  expect(equalError(rates)).toEqual({ rate: 0.5, threshold: null });
});
