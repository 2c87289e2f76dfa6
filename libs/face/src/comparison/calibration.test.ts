import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.fixture.js';
import { buildCalibration, type ImpostorScores } from './build-calibration.js';
import type { DetectorCalibration } from './calibration.js';
import { clopperPearson } from './clopper-pearson.js';
import { FalseMatchScale } from './false-match-scale.js';
import { readCalibration } from './read-calibration.js';

const EMBEDDER = { weights: 'casia', precision: 'int8', sha256: 'ab'.repeat(32) };

/** A calibration that was written to a file and read again. */
function calibrated(scores: Omit<ImpostorScores, 'cropMargin'>): DetectorCalibration {
  const detectors = { mtcnn: { cropMargin: 0.1, ...scores } };
  const file = JSON.stringify(buildCalibration({ embedder: EMBEDDER, cropRule: 'square', detectors }));
  const { mtcnn } = readCalibration(file).detectors;
  if (mtcnn === undefined) throw new Error('the detector is missing');
  return mtcnn;
}

const scaleOf = (similarities: readonly number[]): FalseMatchScale => new FalseMatchScale(calibrated({ similarities }));

const rateAt = (scale: FalseMatchScale, similarity: number): number => {
  const found = scale.falseMatchRate(similarity);
  return 'below' in found ? 0 : found.rate;
};

/** Counted the slow way. */
const countedRate = (similarities: readonly number[], threshold: number): number =>
  similarities.filter((similarity) => similarity >= threshold).length / similarities.length;

/** Ties are common. */
const SIMILARITY = fc.oneof(
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.integer({ min: -10, max: 10 }).map((tenths) => tenths / 10),
);
const SIMILARITIES = fc.array(SIMILARITY, { minLength: 1, maxLength: 200 });

describe('the false match rate', () => {
  it('is the share of impostor pairs that score as high, with its interval', () => {
    const scale = scaleOf([0.1, 0.3, 0.3, 0.5]);

    expect(rateAt(scale, 0.5)).toBe(0.25);
    expect(rateAt(scale, 0.31)).toBe(0.25);
    expect(rateAt(scale, 0.3)).toBe(0.75);
    expect(rateAt(scale, -1)).toBe(1);
    const [low, high] = clopperPearson(1, 4);
    expect(scale.falseMatchRate(0.5)).toEqual({ rate: 0.25, low, high });
  });

  it('is only bounded where no pair scored as high: by the rule of three', () => {
    const scale = scaleOf(Array.from({ length: 3000 }, (_, i) => i / 10_000));

    expect(scale.falseMatchRate(0.3)).toEqual({ below: expect.closeTo(3 / 3000, 5) as number });
  });

  it('is exact for few pairs, whatever their scores', () => {
    fc.assert(
      fc.property(SIMILARITIES, SIMILARITY, (similarities, threshold) => {
        const scale = scaleOf(similarities);
        for (const at of [threshold, ...similarities]) expect(rateAt(scale, at)).toBe(countedRate(similarities, at));
      }),
    );
  });

  it('never rises with the similarity, and lies within its interval', () => {
    fc.assert(
      fc.property(SIMILARITIES, SIMILARITY, SIMILARITY, (similarities, a, b) => {
        const scale = scaleOf(similarities);
        const lower = scale.falseMatchRate(Math.min(a, b));
        const higher = scale.falseMatchRate(Math.max(a, b));
        if ('below' in lower) expect(higher).toEqual(lower);
        if ('below' in higher || 'below' in lower) return;
        expect(higher.rate).toBeLessThanOrEqual(lower.rate);
        expect(higher.low).toBeLessThanOrEqual(lower.low);
        expect(higher.high).toBeLessThanOrEqual(lower.high);
        expect(higher.low).toBeLessThanOrEqual(higher.rate);
        expect(higher.high).toBeGreaterThanOrEqual(higher.rate);
      }),
    );
  });

  it('of many pairs is exact at the top and at most 1 % too high elsewhere, in a small file', () => {
    const random = seededRandom(1);
    const similarities = Array.from({ length: 100_000 }, () => random() + random() - 1);
    const detector = calibrated({ similarities });
    const scale = new FalseMatchScale(detector);
    const descending = similarities.toSorted((a, b) => b - a);

    expect(JSON.stringify(detector).length).toBeLessThan(200_000);
    for (const at of [0, 1, 500, 999]) expect(rateAt(scale, descending[at])).toBe((at + 1) / 100_000);
    for (let at = 1000; at < 100_000; at += 997) {
      const exact = (at + 1) / 100_000;
      expect(rateAt(scale, descending[at])).toBeGreaterThanOrEqual(exact);
      expect(rateAt(scale, descending[at])).toBeLessThanOrEqual(exact * 1.01);
    }
  });
});

describe('the threshold for a false match rate', () => {
  it('is the lowest recorded score with a rate no higher', () => {
    fc.assert(
      fc.property(SIMILARITIES, fc.double({ min: 1e-3, max: 1, noNaN: true }), (similarities, wanted) => {
        const scale = scaleOf(similarities);
        const fitting = similarities.filter((similarity) => countedRate(similarities, similarity) <= wanted);
        if (fitting.length === 0) expect(() => scale.thresholdFor(wanted)).toThrow(RangeError);
        // JSON has no negative zero.
        else expect(scale.thresholdFor(wanted)).toBe(Math.min(...fitting) + 0);
      }),
    );
  });

  it('keeps the wanted rate for many pairs, too', () => {
    const random = seededRandom(2);
    const similarities = Array.from({ length: 50_000 }, () => random() * random());
    const scale = scaleOf(similarities);

    for (const wanted of [2e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.5]) {
      const rate = countedRate(similarities, scale.thresholdFor(wanted));
      expect(rate).toBeLessThanOrEqual(wanted);
      expect(rate).toBeGreaterThan(wanted * 0.97);
    }
  });

  it('is refused where the pairs are too few, saying how many it takes', () => {
    const scale = scaleOf(Array.from({ length: 500 }, (_, i) => i / 500));

    expect(scale.thresholdFor(0.002)).toBe(499 / 500);
    expect(() => scale.thresholdFor(1e-4)).toThrow(
      'the lowest false match rate that 500 pairs of different people show is 0.002; 0.0001 takes at least 10000 pairs',
    );
  });
});

describe('an interval over people', () => {
  /** Every two of 40 people, all pairs of one of whom score high. */
  const pairs = Array.from({ length: 40 }, (_, a) => Array.from({ length: a }, (_, b) => [a, b] as const)).flat();
  const similarities = pairs.map(([a, b], i) => (a === 7 || b === 7 ? 0.5 : 0) + i / 10_000);
  const people = { count: 40, first: pairs.map(([a]) => a), second: pairs.map(([, b]) => b) };

  it('is wider than that of independent pairs if one person has all the high scores', () => {
    const alone = new FalseMatchScale(calibrated({ similarities })).falseMatchRate(0.5);
    const byPeople = new FalseMatchScale(calibrated({ similarities, people })).falseMatchRate(0.5);
    if ('below' in alone || 'below' in byPeople) throw new Error('some pairs score as high');

    expect(byPeople.rate).toBe(39 / 780);
    expect(alone.rate).toBe(39 / 780);
    // In a third of the replicates, (1 − 1/40)^40, this person is not drawn.
    expect(byPeople.low).toBe(0);
    expect(byPeople.high).toBeGreaterThan(1.5 * alone.high);
  });

  it('is the same each time, whatever the order of the pairs', () => {
    const turned = {
      similarities: similarities.toReversed(),
      people: { count: 40, first: people.second.toReversed(), second: people.first.toReversed() },
    };

    expect(calibrated(turned)).toEqual(calibrated({ similarities, people }));
  });

  it('is given although few people can all be the same one in a replicate', () => {
    const two = calibrated({ similarities: [0.1], people: { count: 2, first: [0], second: [1] } });

    expect(two).toMatchObject({ people: 2, false_match_rates: [[0.1, 1, expect.closeTo(0.025, 6), 1]] });
  });
});

describe('buildCalibration', () => {
  it.each<[string, Omit<ImpostorScores, 'cropMargin'>]>([
    ['no pairs', { similarities: [] }],
    ['NaN', { similarities: [NaN] }],
    ['a similarity above 1', { similarities: [1.1] }],
    ['too few people', { similarities: [0.1, 0.2], people: { count: 2, first: [0], second: [1] } }],
    ['an unknown person', { similarities: [0.1], people: { count: 2, first: [0], second: [2] } }],
    ['a genuine pair', { similarities: [0.1], people: { count: 2, first: [1], second: [1] } }],
  ])('refuses %s', (_, scores) => {
    expect(() => calibrated(scores)).toThrow(RangeError);
  });
});

describe('readCalibration', () => {
  const valid = {
    ...buildCalibration({
      embedder: EMBEDDER,
      cropRule: 'square',
      detectors: { mtcnn: { cropMargin: 0.1, similarities: [0.1, 0.2, 0.3], photographs: 4 } },
    }),
  };
  const { mtcnn } = valid.detectors;
  const [first, second, third] = mtcnn?.false_match_rates ?? [];
  const withDetector = (more: object): object => ({ ...valid, detectors: { mtcnn: { ...mtcnn, ...more } } });
  const withRows = (...rows: unknown[]): object => withDetector({ false_match_rates: rows });

  it('allows members that it does not know', () => {
    const more = { ...valid, made_at: '2026-01-01' };
    expect(readCalibration(JSON.stringify(more))).toEqual(more);
  });

  it.each<[string, unknown]>([
    ['format', null],
    ['format', []],
    ['format', { ...valid, format: 'something' }],
    ['version', { ...valid, version: 2 }],
    ['embedder', { ...valid, embedder: 'casia' }],
    ['embedder.weights', { ...valid, embedder: { ...EMBEDDER, weights: '' } }],
    ['embedder.precision', { ...valid, embedder: { ...EMBEDDER, precision: 8 } }],
    ['embedder.sha256', { ...valid, embedder: { ...EMBEDDER, sha256: 'AB'.repeat(32) } }],
    ['crop_rule', { ...valid, crop_rule: 'circle' }],
    ['detectors', { ...valid, detectors: [] }],
    ['detectors', { ...valid, detectors: {} }],
    ['detectors', { ...valid, detectors: { retina: mtcnn } }],
    ['detectors.mtcnn', { ...valid, detectors: { mtcnn: null } }],
    ['detectors.mtcnn.crop_margin', withDetector({ crop_margin: -0.1 })],
    ['detectors.mtcnn.people', withDetector({ people: 1 })],
    ['detectors.mtcnn.photographs', withDetector({ photographs: 2.5 })],
    ['detectors.mtcnn.impostor_pairs', withDetector({ impostor_pairs: 0 })],
    ['detectors.mtcnn.false_match_rates', withRows()],
    ['detectors.mtcnn.false_match_rates', withRows(first, second)],
    ['detectors.mtcnn.false_match_rates[1]', withRows(first, [0.2, 2, 0.1])],
    ['detectors.mtcnn.false_match_rates[1]', withRows(first, [0.2, 2, 0.1, '1'])],
    ['detectors.mtcnn.false_match_rates[1][0]', withRows(first, first, third)],
    ['detectors.mtcnn.false_match_rates[0][0]', withRows([1.1, 1, 0, 1], second, third)],
    ['detectors.mtcnn.false_match_rates[1][1]', withRows(first, [0.2, 1, 0.1, 1], third)],
    ['detectors.mtcnn.false_match_rates[1][1]', withRows(first, [0.2, 4, 0.1, 1])],
    ['detectors.mtcnn.false_match_rates[1][2]', withRows(first, [0.2, 2, 0.7, 1], third)],
    ['detectors.mtcnn.false_match_rates[1][2]', withRows(first, [0.2, 2, 0, 1], third)],
    ['detectors.mtcnn.false_match_rates[1][3]', withRows(first, [0.2, 2, 0.1, 0.6], third)],
    ['detectors.mtcnn.false_match_rates[0][3]', withRows([0.3, 1, 0, 1.1], second, third)],
  ])('refuses a wrong %s in one line that names it', (member, file) => {
    const read = (): unknown => readCalibration(JSON.stringify(file));
    expect(read).toThrow(/^[^\n]+$/);
    expect(read).toThrow(new RegExp(`^${member.replaceAll(/[[\].]/g, '\\$&')} (?:must|has)`));
  });

  it.each(['', '{', 'calibration'])('refuses the text "%s"', (text) => {
    expect(() => readCalibration(text)).toThrow('it is not JSON');
  });
});
