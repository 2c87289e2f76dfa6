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
  readonly first: Uint32Array;
  /** Left out if both photographs of every pair show the same person. */
  readonly second?: Uint32Array;
}

/**
 * The 95 % interval of shares of pairs, from a bootstrap over people (the vertex bootstrap of Snijders and Borgatti,
 * "Non-parametric standard errors and tests for network statistics", 1999): each of 1000 replicates draws as many people
 * as there are, with replacement, and counts a pair once for every combination of its two people's draws. Two draws of
 * one person make no pair of different people. A pair of one person counts once for every draw of this person: the
 * subsets bootstrap of Bolle, Ratha and Pankanti ("Error analysis of pattern recognition systems: the subsets
 * bootstrap", 2004), in which all pairs of a person are drawn together. Unlike an interval over pairs, both take into
 * account that pairs with a person in common are not independent.
 *
 * @param ends the first `ends[i]` pairs are the share of interval i; ascending, the last is the number of all pairs
 */
export function peopleBootstrap(
  { count: people, first, second }: PairedPeople,
  ends: readonly number[],
): (readonly [low: number, high: number])[] {
  const random = xoroshiro128plus(SEED);
  const shares = ends.map((): number[] => []);
  const drawn = new Uint32Array(people);
  const counts = new Float64Array(ends.length);
  const runs = groupByFirst({ count: people, first, ...(second && { second }) }, ends);
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    drawn.fill(0);
    for (let i = 0; i < people; i++) drawn[uniformInt(random, 0, people - 1)]++;
    const all = cumulate(drawn, runs, counts);
    // Few people can all be the same one.
    if (all > 0) shares.forEach((sample, i) => sample.push(counts[i] / all));
  }
  return shares.map((sample) => {
    const sorted = Float64Array.from(sample).sort();
    return [sorted[Math.floor(TAIL * (sorted.length - 1))], sorted[Math.ceil((1 - TAIL) * (sorted.length - 1))]];
  });
}

/** Pairs whose first person is the same, next to each other between two ends. */
interface Runs {
  /** The first person of each run. */
  readonly person: Uint32Array;
  /** The index after the last pair of each run. */
  readonly end: Uint32Array;
  /** The index after the last run before each of the `ends`. */
  readonly upTo: Uint32Array;
  /** The second people, in the order of the runs. */
  readonly second: Uint32Array | undefined;
}

/** Orders the pairs between two ends by their first person. */
function groupByFirst({ count, first, second }: PairedPeople, ends: readonly number[]): Runs {
  const grouped = second && new Uint32Array(second.length);
  const person: number[] = [];
  const end: number[] = [];
  const upTo = new Uint32Array(ends.length);
  const next = new Uint32Array(count);
  let start = 0;
  ends.forEach((stop, i) => {
    next.fill(0);
    for (let at = start; at < stop; at++) next[first[at]]++;
    let before = start;
    for (let who = 0; who < count; who++) {
      const length = next[who];
      if (length === 0) continue;
      next[who] = before;
      before += length;
      person.push(who);
      end.push(before);
    }
    if (grouped) for (let at = start; at < stop; at++) grouped[next[first[at]]++] = second[at];
    upTo[i] = person.length;
    start = stop;
  });
  return { person: Uint32Array.from(person), end: Uint32Array.from(end), upTo, second: grouped };
}

/**
 * Writes how many pairs there are up to each end, and returns how many there are in all. This loop takes nearly all of
 * the time.
 */
function cumulate(drawn: Uint32Array, { person, end, upTo, second }: Runs, counts: Float64Array): number {
  let pairs = 0;
  let at = 0;
  let run = 0;
  for (let i = 0; i < upTo.length; i++) {
    for (const last = upTo[i]; run < last; run++) {
      const times = drawn[person[run]];
      const stop = end[run];
      if (times > 0) pairs += times * (second === undefined ? stop - at : drawnBetween(drawn, second, at, stop));
      at = stop;
    }
    counts[i] = pairs;
  }
  return pairs;
}

/** How often the people of some pairs were drawn. */
function drawnBetween(drawn: Uint32Array, people: Uint32Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += drawn[people[at]];
  return sum;
}
