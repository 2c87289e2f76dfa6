import { clopperPearson, peopleBootstrap } from '#face/build-calibration';
import type { Rate } from './rate.js';

/** Who the pairs show. */
export interface PeopleOfPairs {
  /** Number of people, numbered from 0. */
  readonly count: number;
  /** Of each pair, the person in its first photograph. */
  readonly first: Uint32Array;
  /** Left out for genuine pairs, which show the same person again. */
  readonly second?: Uint32Array;
}

/**
 * The share of pairs with a similarity at or above each threshold, with its 95 % interval: the wider of Clopper and
 * Pearson's of the counts, which alone says something where there are no errors, and a bootstrap over people. Without
 * people, pairs count as independent.
 */
export function sharesFrom(
  similarities: Float64Array,
  thresholds: readonly number[],
  people: PeopleOfPairs | undefined,
): Rate[] {
  const descending = [...thresholds].sort((a, b) => b - a);
  const { order, ends } = sortedInto(similarities, descending);
  const intervals =
    people &&
    peopleBootstrap(
      {
        count: people.count,
        first: order.map((i) => people.first[i]),
        ...(people.second && { second: reordered(people.second, order) }),
      },
      ends,
    );
  return thresholds.map((threshold) => {
    const at = descending.indexOf(threshold);
    const errors = ends[at];
    const [low, high] = clopperPearson(errors, similarities.length);
    const [peopleLow, peopleHigh] = intervals?.[at] ?? [low, high];
    return {
      errors,
      of: similarities.length,
      rate: errors / similarities.length,
      low: Math.min(low, peopleLow),
      high: Math.max(high, peopleHigh),
    };
  });
}

/** The share of pairs below each threshold, with its interval. */
export const sharesBelow = (...parameters: Parameters<typeof sharesFrom>): Rate[] =>
  sharesFrom(...parameters).map(({ errors, of, low, high }) => ({
    errors: of - errors,
    of,
    rate: (of - errors) / of,
    low: 1 - high,
    high: 1 - low,
  }));

const reordered = (values: Uint32Array, order: Uint32Array): Uint32Array => order.map((i) => values[i]);

/**
 * The pairs in the order of the highest threshold that they reach, without sorting them further.
 *
 * @param thresholds descending
 * @returns `order`, the indices of the pairs, of which the first `ends[i]` reach threshold i; in the end, all
 */
function sortedInto(
  similarities: Float64Array,
  thresholds: readonly number[],
): { readonly order: Uint32Array; readonly ends: number[] } {
  const reached = Uint8Array.from(similarities, (similarity) => {
    const at = thresholds.findIndex((threshold) => similarity >= threshold);
    return at < 0 ? thresholds.length : at;
  });
  const ends = new Array<number>(thresholds.length + 1).fill(0);
  for (const at of reached) ends[at]++;
  for (let at = 1; at < ends.length; at++) ends[at] += ends[at - 1];
  const next = ends.map((_, at) => (at === 0 ? 0 : ends[at - 1]));
  const order = new Uint32Array(similarities.length);
  reached.forEach((at, i) => (order[next[at]++] = i));
  return { order, ends };
}
