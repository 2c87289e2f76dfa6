import { describe, expect, it } from 'vitest';
import { genuinePairs, impostorPairs, type PairList } from './pair-list.js';

const pairsOf = ({ first, second }: PairList): string[] => Array.from(first, (one, i) => `${one}-${second[i]}`);

/** Every pair, the slow way. */
function counted(people: Uint32Array, same: boolean): string[] {
  const pairs: string[] = [];
  people.forEach((person, i) => {
    for (let j = i + 1; j < people.length; j++) if ((people[j] === person) === same) pairs.push(`${i}-${j}`);
  });
  return pairs;
}

const PEOPLE = Uint32Array.of(0, 0, 0, 1, 2, 2, 3, 3, 3, 3);

describe('the pairs of photographs', () => {
  it('are all of them, by whether they show one person', () => {
    expect(pairsOf(genuinePairs(PEOPLE, 1000))).toEqual(counted(PEOPLE, true));
    expect(pairsOf(impostorPairs(PEOPLE, 1000))).toEqual(counted(PEOPLE, false));
  });

  it.each([[[]], [[0]], [[0, 0]], [[0, 1]]])('of few photographs may be none: %j', (people) => {
    const numbers = Uint32Array.from(people);

    expect(pairsOf(genuinePairs(numbers, 10))).toEqual(counted(numbers, true));
    expect(pairsOf(impostorPairs(numbers, 10))).toEqual(counted(numbers, false));
  });

  it('are drawn if there are more than the limit: each once, evenly, and the same every time', () => {
    // 400 people with 5 photographs each: 1,995,000 impostor pairs.
    const people = Uint32Array.from({ length: 2000 }, (_, i) => Math.floor(i / 5));
    const drawn = impostorPairs(people, 50_000);
    const names = pairsOf(drawn);

    expect(drawn.total).toBe(1_995_000);
    // Six standard deviations.
    expect(Math.abs(names.length - 50_000)).toBeLessThan(1350);
    expect(new Set(names).size).toBe(names.length);
    expect(drawn.first.every((one, i) => one < drawn.second[i] && people[one] !== people[drawn.second[i]])).toBe(true);
    expect(pairsOf(impostorPairs(people, 50_000))).toEqual(names);
    // Of the pairs, 3/4 have their first photograph in the first half of all: an even draw has as many.
    const inFirstHalf = drawn.first.filter((one) => one < 1000).length / names.length;
    expect(inFirstHalf).toBeCloseTo(0.75, 1);
  });
});
