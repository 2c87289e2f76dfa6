import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { clopperPearson } from '#face/build-calibration';
import { sharesBelow, sharesFrom } from './rate-intervals.js';

const SIMILARITIES = Float64Array.of(0.9, 0.1, 0.5, 0.7, 0.3, 0.5);

describe('without people', () => {
  it('shares are those of pairs at or above each threshold, or below it', () => {
    const thresholds = [0.5, 0.95, 0.3, -1];

    expect(sharesFrom(SIMILARITIES, thresholds, undefined).map(({ errors }) => errors)).toEqual([4, 0, 5, 6]);
    expect(sharesBelow(SIMILARITIES, thresholds, undefined).map(({ errors }) => errors)).toEqual([2, 6, 1, 0]);
  });

  it('intervals are those of Clopper and Pearson', () => {
    const [none] = sharesFrom(SIMILARITIES, [0.95], undefined);
    const [two] = sharesBelow(SIMILARITIES, [0.5], undefined);

    expect([none.low, none.high]).toEqual(clopperPearson(0, 6));
    const [low, high] = clopperPearson(2, 6);
    expect(two).toEqual({
      errors: 2,
      of: 6,
      rate: 2 / 6,
      low: expect.closeTo(low, 7) as number,
      high: expect.closeTo(high, 7) as number,
    });
  });
});

const PEOPLE = 20;

/** People with several pairs each; a few look like many others, a few unlike themselves. */
function lookalikes() {
  const impostors: { score: number; first: number; second: number }[] = [];
  const genuine: { score: number; first: number }[] = [];
  const random = xoroshiro128plus(7);
  const noise = (): number => uniformInt(random, 0, 1000) / 1000;
  for (let first = 0; first < PEOPLE; first++) {
    for (let second = first + 1; second < PEOPLE; second++) {
      for (let i = 0; i < 4; i++) impostors.push({ score: noise() + (first < 2 ? 0.5 : 0), first, second });
    }
    for (let i = 0; i < 6; i++) genuine.push({ score: noise() - (first >= PEOPLE - 2 ? 0.5 : 0) + 0.6, first });
  }
  return { impostors, genuine };
}

/** The 95 % interval of a share from people drawn again and again, as literally as can be. */
function literalBootstrap(
  share: (drawn: readonly number[]) => number,
  people: number,
): readonly [low: number, high: number] {
  const random = xoroshiro128plus(123);
  const shares = Array.from({ length: 1000 }, () =>
    share(Array.from({ length: people }, () => uniformInt(random, 0, people - 1))),
  ).sort((a, b) => a - b);
  return [shares[25], shares[974]];
}

describe('with people', () => {
  it('the interval of impostor pairs is that of pairs of people drawn again', () => {
    const { impostors } = lookalikes();
    const [rate] = sharesFrom(
      Float64Array.from(impostors, ({ score }) => score),
      [0.9],
      {
        count: PEOPLE,
        first: Uint32Array.from(impostors, ({ first }) => first),
        second: Uint32Array.from(impostors, ({ second }) => second),
      },
    );
    const ofPair = new Map<string, number[]>();
    for (const { score, first, second } of impostors) {
      const key = `${first}-${second}`;
      ofPair.set(key, [...(ofPair.get(key) ?? []), score]);
    }
    const [low, high] = literalBootstrap((drawn) => {
      const scores = drawn.flatMap((one, i) =>
        drawn.slice(i + 1).flatMap((other) => ofPair.get(`${Math.min(one, other)}-${Math.max(one, other)}`) ?? []),
      );
      return scores.filter((score) => score >= 0.9).length / scores.length;
    }, PEOPLE);

    expect(Math.abs(rate.low / low - 1)).toBeLessThan(0.1);
    expect(Math.abs(rate.high / high - 1)).toBeLessThan(0.1);
    const [pairsLow, pairsHigh] = clopperPearson(rate.errors, rate.of);
    expect(rate.high - rate.low).toBeGreaterThan(2 * (pairsHigh - pairsLow));
  });

  it('the interval of genuine pairs is that of people drawn again, each with all pairs', () => {
    const { genuine } = lookalikes();
    const [rate] = sharesBelow(
      Float64Array.from(genuine, ({ score }) => score),
      [0.6],
      { count: PEOPLE, first: Uint32Array.from(genuine, ({ first }) => first) },
    );
    const [low, high] = literalBootstrap((drawn) => {
      const scores = drawn.flatMap((one) => genuine.filter(({ first }) => first === one).map(({ score }) => score));
      return scores.filter((score) => score < 0.6).length / scores.length;
    }, PEOPLE);

    expect(rate.low).toBeCloseTo(low, 2);
    expect(Math.abs(rate.high / high - 1)).toBeLessThan(0.1);
    expect(rate.high).toBeGreaterThan(clopperPearson(rate.errors, rate.of)[1]);
  });
});
