/**
 * The similarity from which two faces count as the same person's.
 *
 * A cosine between −1 and 1; higher means fewer false matches (FMR) and more false non-matches (FNMR).
 */
export const DEFAULT_THRESHOLD = 0.6;

export const MIN_THRESHOLD = -1;
export const MAX_THRESHOLD = 1;

/** The verdict: whether a similarity reaches the threshold. */
export const isMatch = (similarity: number, threshold: number): boolean => similarity >= threshold;
