/** A threshold and the error rates at it. */
export interface RatePoint {
  /** Pairs with this similarity or a higher one match. */
  readonly threshold: number;
  readonly fmr: number;
  readonly fnmr: number;
}

/**
 * The error rates of a comparison over its threshold, in the terms of ISO/IEC 19795-1: the false match rate (FMR), the
 * share of impostor pairs with a similarity at or above the threshold, and the false non-match rate (FNMR), the share
 * of genuine pairs below it.
 */
export class ErrorRates {
  readonly #genuine: Float64Array;
  readonly #impostor: Float64Array;

  /** @param genuine similarities of pairs of one person, at least one; `impostor` those of two people, at least one */
  constructor(genuine: Float64Array, impostor: Float64Array) {
    // Without a function that compares, typed arrays are sorted natively, as numbers.
    this.#genuine = genuine.slice().sort();
    this.#impostor = impostor.slice().sort();
  }

  get genuinePairs(): number {
    return this.#genuine.length;
  }

  /** The lowest and the highest similarity of any pair. */
  get range(): readonly [lowest: number, highest: number] {
    const [genuine, impostor] = [this.#genuine, this.#impostor];
    return [Math.min(genuine[0], impostor[0]), Math.max(genuine[genuine.length - 1], impostor[impostor.length - 1])];
  }

  /** Impostor pairs that match. */
  falseMatches(threshold: number): number {
    return this.#impostor.length - firstFrom(this.#impostor, threshold);
  }

  /** Genuine pairs that do not match. */
  falseNonMatches(threshold: number): number {
    return firstFrom(this.#genuine, threshold);
  }

  at(threshold: number): RatePoint {
    return {
      threshold,
      fmr: this.falseMatches(threshold) / this.#impostor.length,
      fnmr: this.falseNonMatches(threshold) / this.#genuine.length,
    };
  }

  /**
   * The lowest impostor similarity with an FMR no higher than this: the service's own rule for a calibration. Any
   * threshold between the next lower impostor similarity and this one has the same FMR; this end is on the safe side.
   *
   * @returns undefined if the pairs are too few to show a rate as low
   */
  thresholdForFmr(rate: number): number | undefined {
    const scores = this.#impostor;
    let allowed = Math.min(scores.length, Math.ceil(rate * scores.length));
    while (allowed > 0 && allowed / scores.length > rate) allowed--;
    let at = scores.length - allowed;
    // Scores that are equal reach a threshold together.
    while (at > 0 && at < scores.length && scores[at] === scores[at - 1]) at++;
    return at < scores.length ? scores[at] : undefined;
  }

  /** The highest genuine similarity with an FNMR no higher than this. */
  thresholdForFnmr(rate: number): number {
    const scores = this.#genuine;
    let errors = Math.min(scores.length - 1, Math.ceil(rate * scores.length));
    while (errors > 0 && firstFrom(scores, scores[errors]) / scores.length > rate) errors--;
    return scores[errors];
  }

  /** The rates at every similarity that a pair has, ascending, and above all of them. */
  *steps(): Generator<RatePoint> {
    const [genuine, impostor] = [this.#genuine, this.#impostor];
    let below = 0;
    let belowImpostor = 0;
    while (below < genuine.length || belowImpostor < impostor.length) {
      const threshold = Math.min(genuine[below] ?? Infinity, impostor[belowImpostor] ?? Infinity);
      yield { threshold, fmr: (impostor.length - belowImpostor) / impostor.length, fnmr: below / genuine.length };
      while (genuine[below] === threshold) below++;
      while (impostor[belowImpostor] === threshold) belowImpostor++;
    }
    yield { threshold: Infinity, fmr: 0, fnmr: 1 };
  }
}

/** The index of the first score that is no lower than this one. */
function firstFrom(sorted: Float64Array, score: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle] < score) from = middle + 1;
    else to = middle;
  }
  return from;
}
