/** The range of a threshold, a cosine. Higher means fewer false matches and more false non-matches. */
export const MIN_THRESHOLD = -1;
export const MAX_THRESHOLD = 1;

/** The verdict: whether a similarity reaches the threshold. */
export const isMatch = (similarity: number, threshold: number): boolean => similarity >= threshold;

/** Similarities that a person should look at: from the first number up to, but not including, the second. */
export type ReviewBand = readonly [low: number, high: number];

export const DECISIONS = ['match', 'review', 'no_match'] as const;

export type Decision = (typeof DECISIONS)[number];

/** `review` within the band; elsewhere what {@link isMatch} says. */
export function decide(similarity: number, threshold: number, [low, high]: ReviewBand): Decision {
  if (similarity >= low && similarity < high) return 'review';
  return isMatch(similarity, threshold) ? 'match' : 'no_match';
}
