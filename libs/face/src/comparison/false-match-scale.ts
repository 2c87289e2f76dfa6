import type { DetectorCalibration, FalseMatchRow } from './calibration.js';

/**
 * The false match rate (FMR, ISO/IEC 19795-1) that a threshold would have: the share of impostor pairs that reach it.
 * `low` and `high` are its 95 % interval. Where no impostor pair scored as high, only a bound is known.
 */
export type FalseMatchRate =
  { readonly rate: number; readonly low: number; readonly high: number } | { readonly below: number };

/** The range of a false match rate that can be asked for. */
export const MIN_FALSE_MATCH_RATE = 1e-12;
export const MAX_FALSE_MATCH_RATE = 1;

/** Probability of seeing no false match although the rate is as high as the reported bound. */
const DOUBT = 0.05;

/** Translates between similarities and false match rates. */
export class FalseMatchScale {
  constructor(private readonly data: DetectorCalibration) {}

  /**
   * The false match rate at a similarity. Never rises with it. Exact for the highest scores, elsewhere at most one
   * hundredth of itself too high.
   *
   * @param similarity −1 to 1
   */
  falseMatchRate(similarity: number): FalseMatchRate {
    const row = this.#lastRow(([score]) => score >= similarity);
    // The rule of three, exactly: with n pairs and no false match, the rate is below about 3/n (95 % confidence).
    if (row === undefined) return { below: 1 - DOUBT ** (1 / this.data.impostor_pairs) };
    const [, pairs, low, high] = row;
    return { rate: pairs / this.data.impostor_pairs, low, high };
  }

  /**
   * The lowest recorded similarity at which the false match rate is no higher than this. Up to the next lower one, the
   * rate is the same; the higher end is on the safe side.
   *
   * @param rate {@link MIN_FALSE_MATCH_RATE} to {@link MAX_FALSE_MATCH_RATE}
   * @throws RangeError if the pairs are too few to show a rate as low; says how many it takes
   */
  thresholdFor(rate: number): number {
    const { impostor_pairs: all, false_match_rates: rows } = this.data;
    const row = this.#lastRow(([, pairs]) => pairs / all <= rate);
    if (row !== undefined) return row[0];
    const lowest = rows[0][1] / all;
    throw new RangeError(
      `the lowest false match rate that ${all} pairs of different people show is ${short(lowest)}; ${short(rate)} takes at least ${short(Math.ceil(1 / rate))} pairs`,
    );
  }

  /** The last row for which this holds, if it holds for all before and for none after. */
  #lastRow(holds: (row: FalseMatchRow) => boolean): FalseMatchRow | undefined {
    const { false_match_rates: rows } = this.data;
    let from = 0;
    let to = rows.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (holds(rows[middle])) from = middle + 1;
      else to = middle;
    }
    return rows[from - 1];
  }
}

/** A number without digits that say nothing. */
const short = (value: number): string => String(Number(value.toPrecision(3)));
