/** The range of a threshold, a cosine. Higher means fewer false matches and more false non-matches. */
export const MIN_THRESHOLD = -1;
export const MAX_THRESHOLD = 1;

/** The verdict: whether a similarity reaches the threshold. */
export const isMatch = (similarity: number, threshold: number): boolean => similarity >= threshold;
