import type { ScoredPairs } from '../scores/scored-pairs.js';

/** How many to list of each kind. */
const LISTED = 10;

/** A pair by the names of its photographs. */
export interface NamedPair {
  readonly similarity: number;
  readonly image1: string;
  readonly image2: string;
}

/** The genuine pairs that are least similar, or the impostor pairs that are most similar: the most wrong first. */
export function mostWrong(
  { similarities, photographs }: ScoredPairs,
  kind: 'genuine' | 'impostor',
  names: readonly string[],
): NamedPair[] {
  if (photographs === undefined) return [];
  const sign = kind === 'genuine' ? 1 : -1;
  const worst: number[] = [];
  const isWorse = (a: number, b: number): boolean => sign * similarities[a] < sign * similarities[b];
  for (let pair = 0; pair < similarities.length; pair++) {
    if (worst.length === LISTED && !isWorse(pair, worst[LISTED - 1])) continue;
    if (worst.length === LISTED) worst.pop();
    const place = worst.findIndex((other) => isWorse(pair, other));
    worst.splice(place < 0 ? worst.length : place, 0, pair);
  }
  return worst.map((pair) => ({
    similarity: similarities[pair],
    image1: names[photographs.first[pair]],
    image2: names[photographs.second[pair]],
  }));
}
