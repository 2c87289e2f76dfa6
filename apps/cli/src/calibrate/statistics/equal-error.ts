import type { ErrorRates, RatePoint } from './error-rates.js';

/** The equal error rate (EER) and the threshold at which it was found. */
export interface EqualError {
  readonly rate: number;
  /** Null above all similarities. */
  readonly threshold: number | null;
}

/**
 * The rate at which FMR and FNMR are the same. They change in steps and rarely meet, so it is taken as Maio et al. do
 * ("FVC2000: Fingerprint Verification Competition", 2002): of the last step at which the FMR is higher and the first at
 * which it is not, the one with the lower sum of both rates, of which the rate is the mean.
 */
export function equalError(rates: ErrorRates): EqualError {
  let before: RatePoint | undefined;
  for (const point of rates.steps()) {
    if (point.fmr > point.fnmr) {
      before = point;
      continue;
    }
    const sum = ({ fmr, fnmr }: RatePoint): number => fmr + fnmr;
    const isBeforeBetter = before !== undefined && point.fmr < point.fnmr && sum(before) <= sum(point);
    const best = isBeforeBetter && before !== undefined ? before : point;
    return { rate: sum(best) / 2, threshold: best.threshold === Infinity ? null : best.threshold };
  }
  throw new TypeError('above all similarities, the FMR is 0 and the FNMR 1');
}
