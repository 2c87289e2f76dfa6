import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

const REPLICATES = 1000;

/** The share that each side of a 95 % interval leaves out. */
const TAIL = 0.025;

/** Fixed, so that the same scores have the same interval. */
const SEED = 19795;

/** Who the two photographs of each pair show. */
export interface PairedPeople {
  /** How many people there are; they are numbered from 0. */
  readonly count: number;
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
}

/**
 * The 95 % interval of shares of pairs, from a bootstrap over people (the vertex bootstrap of Snijders and Borgatti,
 * "Non-parametric standard errors and tests for network statistics", 1999): each of 1000 replicates draws as many people
 * as there are, with replacement, and counts a pair once for every combination of its two people's draws. Unlike an
 * interval over pairs, it takes into account that pairs with a person in common are not independent.
 *
 * @param ends the first `ends[i]` pairs are the share of interval i; ascending
 */
export function peopleBootstrap(
  { count: people, first, second }: PairedPeople,
  ends: readonly number[],
): (readonly [low: number, high: number])[] {
  const random = xoroshiro128plus(SEED);
  const shares = ends.map((): number[] => []);
  const drawn = new Uint32Array(people);
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    drawn.fill(0);
    for (let i = 0; i < people; i++) drawn[uniformInt(random, 0, people - 1)]++;
    let at = 0;
    let pairs = 0;
    const counts = ends.map((end) => {
      for (; at < end; at++) pairs += drawn[first[at]] * drawn[second[at]];
      return pairs;
    });
    for (; at < first.length; at++) pairs += drawn[first[at]] * drawn[second[at]];
    // Few people can all be the same one.
    if (pairs > 0) counts.forEach((count, i) => shares[i].push(count / pairs));
  }
  return shares.map((sample) => {
    const sorted = Float64Array.from(sample).sort();
    return [sorted[Math.floor(TAIL * (sorted.length - 1))], sorted[Math.ceil((1 - TAIL) * (sorted.length - 1))]];
  });
}
