import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Pairs of photographs by their indices. */
export interface PairList {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** How many there are, of which these were drawn. */
  readonly total: number;
}

/** Fixed, so that the same photographs have the same result. */
const SEED = 29794;

/**
 * Every pair of photographs of one person, or if there are more than the limit, about as many drawn at random.
 *
 * @param people of each photograph; those of one person are next to each other
 */
export function genuinePairs(people: Uint32Array, limit: number): PairList {
  const ends = endsOfPeople(people);
  return drawPairs(people.length, (i) => [i + 1, ends[i]], limit);
}

/** Every pair of photographs of two people, or if there are more than the limit, about as many drawn at random. */
export function impostorPairs(people: Uint32Array, limit: number): PairList {
  const ends = endsOfPeople(people);
  return drawPairs(people.length, (i) => [ends[i], people.length], limit);
}

/** For each photograph, the index after the last of the same person. */
function endsOfPeople(people: Uint32Array): Uint32Array {
  const ends = new Uint32Array(people.length);
  for (let i = people.length - 1; i >= 0; i--) ends[i] = people[i] === people[i + 1] ? ends[i + 1] : i + 1;
  return ends;
}

/**
 * Draws each pair with the same probability, by the lengths of the gaps between those drawn, which takes time only for
 * these.
 *
 * @param partners of each photograph: from the first index up to the second
 */
function drawPairs(
  count: number,
  partners: (index: number) => readonly [from: number, to: number],
  limit: number,
): PairList {
  let total = 0;
  for (let i = 0; i < count; i++) total += partners(i)[1] - partners(i)[0];
  const share = Math.min(1, limit / total);
  // The number drawn varies by chance, but hardly ever by six standard deviations.
  const room = share === 1 ? total : Math.ceil(limit + 6 * Math.sqrt(limit));
  const first = new Uint32Array(room);
  const second = new Uint32Array(room);
  const random = xoroshiro128plus(SEED);
  const gap = (): number => (share === 1 ? 0 : Math.floor(Math.log(1 - uniformFloat64(random)) / Math.log(1 - share)));
  let drawn = 0;
  let skip = gap();
  for (let i = 0; i < count && drawn < room; i++) {
    const [from, to] = partners(i);
    let at = from + skip;
    for (; at < to && drawn < room; at += 1 + gap()) {
      first[drawn] = i;
      second[drawn++] = at;
    }
    skip = at - to;
  }
  return { first: first.subarray(0, drawn), second: second.subarray(0, drawn), total };
}
