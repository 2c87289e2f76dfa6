import { compareEmbeddings } from '#face';
import type { PairList } from './pair-list.js';

/** Pairs of one kind, genuine or impostor, and how they score. */
export interface ScoredPairs {
  readonly similarities: Float64Array;
  /** The two photographs of each pair; unknown where only scores are given. */
  readonly photographs?: Pick<PairList, 'first' | 'second'>;
  /** How many pairs there are, of which these were drawn. */
  readonly total: number;
}

/** Compares the photographs of each pair as the service does. */
export function scorePairs(pairs: PairList, embeddings: readonly Float32Array[]): ScoredPairs {
  const { first, second, total } = pairs;
  const similarities = new Float64Array(first.length);
  for (let i = 0; i < similarities.length; i++) {
    similarities[i] = compareEmbeddings(embeddings[first[i]], embeddings[second[i]]).cosine;
  }
  return { similarities, photographs: { first, second }, total };
}
