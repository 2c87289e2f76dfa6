/** How close two embeddings are. */
export interface Similarity {
  /** Cosine of the angle between them, −1 (opposite) to 1 (same direction). */
  readonly cosine: number;
  /** Euclidean distance between them; for unit vectors √(2 − 2·cosine), 0 to 2. */
  readonly euclidean: number;
}

/**
 * Compares two embeddings. Pure: no I/O, no state.
 *
 * @throws RangeError if the lengths differ or are 0, a value is not finite, or a vector is all zeros
 */
export function compareEmbeddings(a: Float32Array, b: Float32Array): Similarity {
  if (a.length !== b.length || a.length === 0) {
    throw new RangeError(`expected two embeddings of one length but received ${a.length} and ${b.length} values`);
  }
  let dot = 0;
  let squaresA = 0;
  let squaresB = 0;
  let squaredDistance = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    squaresA += a[i] * a[i];
    squaresB += b[i] * b[i];
    squaredDistance += (a[i] - b[i]) ** 2;
  }
  const lengths = Math.sqrt(squaresA) * Math.sqrt(squaresB);
  if (!Number.isFinite(dot) || !Number.isFinite(lengths) || lengths === 0) {
    throw new RangeError('expected finite embeddings that are not all zeros');
  }
  // Rounding can push the cosine of a vector with itself slightly past 1.
  return { cosine: Math.min(1, Math.max(-1, dot / lengths)), euclidean: Math.sqrt(squaredDistance) };
}
