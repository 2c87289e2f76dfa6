import {
  type Decision,
  decide,
  type DetectorName,
  type FalseMatchRate,
  FalseMatchScale,
  isMatch,
  type ReviewBand,
} from '#face';
import type { Settings } from '../config/settings.js';
import { ServiceError } from '../errors/service-error.js';
import type { Calibrations } from './calibration.js';

/** How a request wants matches to be decided: by at most one of these; by the service's default without. */
export interface WantedThreshold {
  /** Minimum similarity, −1 to 1. */
  readonly threshold?: number | undefined;
  readonly falseMatchRate?: number | undefined;
}

/** What a similarity means. */
export interface Verdict {
  readonly match: boolean;
  /** Only with a calibration. */
  readonly falseMatchRate?: FalseMatchRate;
  /** Only with a review band. */
  readonly decision?: Decision;
}

/** What a similarity means: the threshold, the false match rate and the decision. */
export class ScoreMeaning {
  readonly #scales: ReadonlyMap<DetectorName, FalseMatchScale>;
  readonly #defaults: ReadonlyMap<DetectorName, number>;
  readonly #reviewBand: ReviewBand | undefined;

  /**
   * @param ofWeights the weights' own threshold
   * @throws Error with one line if the calibration cannot show FMR, or REVIEW_BAND does not contain the threshold
   */
  constructor(
    { detectors, fmr, reviewBand, similarityThreshold }: Settings,
    ofWeights: number,
    readonly calibrations?: Calibrations,
  ) {
    this.#scales = new Map([...(calibrations ?? [])].map(([name, data]) => [name, new FalseMatchScale(data)]));
    const fixed = similarityThreshold === 'auto' ? ofWeights : similarityThreshold;
    this.#defaults = new Map(
      detectors.map((detector) => [detector, fmr === 'none' ? fixed : this.#startingWith(fmr, detector)]),
    );
    this.#reviewBand = reviewBand === 'none' ? undefined : reviewBand;
    for (const [detector, threshold] of this.#defaults) checkBand(this.#reviewBand, threshold, detector);
  }

  /**
   * The threshold of a comparison.
   *
   * @throws ServiceError INVALID_REQUEST if a false match rate is wanted that no calibration shows
   */
  threshold(detector: DetectorName, { threshold, falseMatchRate }: WantedThreshold = {}): number {
    const fallback = this.#defaults.get(detector);
    if (fallback === undefined) throw new TypeError(`${detector} is not in use`);
    if (falseMatchRate === undefined) return threshold ?? fallback;
    try {
      return this.#thresholdFor(falseMatchRate, detector);
    } catch (error) {
      if (error instanceof RangeError) throw new ServiceError('INVALID_REQUEST', `false_match_rate: ${error.message}.`);
      throw error;
    }
  }

  /** The verdict on two faces that a detector found. */
  verdict(detector: DetectorName, similarity: number, threshold: number): Verdict {
    const scale = this.#scales.get(detector);
    return {
      match: isMatch(similarity, threshold),
      ...(scale && { falseMatchRate: scale.falseMatchRate(similarity) }),
      ...(this.#reviewBand && { decision: decide(similarity, threshold, this.#reviewBand) }),
    };
  }

  /** @throws RangeError saying why there is no such threshold */
  #thresholdFor(rate: number, detector: DetectorName): number {
    const scale = this.#scales.get(detector);
    if (scale === undefined) throw new RangeError('this service has no calibration, which would give the threshold');
    return scale.thresholdFor(rate);
  }

  #startingWith(fmr: number, detector: DetectorName): number {
    try {
      return this.#thresholdFor(fmr, detector);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new Error(`Bad settings: FMR=${fmr} is too low for ${detector}: ${error.message}`, { cause: error });
    }
  }
}

/** A threshold outside of the band would leave a side of it that nobody has to look at. */
function checkBand(band: ReviewBand | undefined, threshold: number, detector: DetectorName): void {
  if (band === undefined || (threshold >= band[0] && threshold <= band[1])) return;
  throw new Error(
    `Bad settings: REVIEW_BAND=${band.join('..')} must contain the threshold, which is ${threshold} for ${detector}`,
  );
}
