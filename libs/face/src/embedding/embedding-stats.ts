/** Statistics of an embedding's values, which do not identify the person. */
export interface EmbeddingStats {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  /** Euclidean length: 1 for an embedder that normalises. */
  readonly norm: number;
}

/** @param embedding at least one value */
export function embeddingStats(embedding: Float32Array): EmbeddingStats {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let squares = 0;
  for (const value of embedding) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    squares += value * value;
  }
  const mean = sum / embedding.length;
  return {
    min,
    max,
    mean,
    std: Math.sqrt(Math.max(0, squares / embedding.length - mean * mean)),
    norm: Math.sqrt(squares),
  };
}
