import type { ErrorRates } from './error-rates.js';

/** Of the genuine pairs, about this many may score below the band, where nobody looks at them. */
const MISSED = 0.01;

/** Bounds are rounded to two decimals, outwards. */
const STEPS = 100;

/** Similarities that a person should look at, for REVIEW_BAND. */
export interface ReviewBandAdvice {
  readonly low: number;
  readonly high: number;
  /** Share of the genuine and of the impostor pairs in the band: the work that it makes. */
  readonly genuine_share: number;
  readonly impostor_share: number;
}

/**
 * Suggests which similarities to leave to a person: from where at most 1 % of the genuine pairs score lower, up to the
 * threshold for the lowest false match rate that the pairs show. It is widened to contain the threshold in use, without
 * which the service would refuse it.
 *
 * @param strictest the threshold for the lowest false match rate shown
 * @param current the threshold in use
 * @returns why there is none: `unneeded` if with one threshold both rates are as low
 */
export function reviewBand(
  rates: ErrorRates,
  strictest: number | undefined,
  current: number,
): ReviewBandAdvice | 'not enough data' | 'unneeded' {
  if (strictest === undefined || rates.genuinePairs * MISSED < 1) return 'not enough data';
  const lowest = rates.thresholdForFnmr(MISSED);
  if (lowest >= strictest) return 'unneeded';
  const low = Math.floor(Math.min(lowest, current) * STEPS) / STEPS;
  const high = Math.ceil(Math.max(strictest, current) * STEPS) / STEPS;
  const [from, to] = [rates.at(low), rates.at(high)];
  return { low, high, genuine_share: to.fnmr - from.fnmr, impostor_share: from.fmr - to.fmr };
}
