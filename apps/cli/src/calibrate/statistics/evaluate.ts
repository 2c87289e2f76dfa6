import type { FaceQuality } from '#face';
import type { ScoredPairs } from '../scores/scored-pairs.js';
import { byColour, byFaceWidth, type Division, type PairsOfPeople, type PartRates, ratesByPart } from './breakdown.js';
import { type Curves, curves } from './curves.js';
import { equalError, type EqualError } from './equal-error.js';
import { type ErrorDiscard, errorDiscard } from './error-discard.js';
import { ErrorRates } from './error-rates.js';
import { mostWrong, type NamedPair } from './most-wrong.js';
import type { Rate } from './rate.js';
import { type PeopleOfPairs, sharesBelow, sharesFrom } from './rate-intervals.js';
import { reviewBand } from './review-band.js';
import { separation } from './separation.js';

/** Scored pairs of both kinds, and what is known about them. */
export interface ScoredSet {
  readonly genuine: ScoredPairs;
  readonly impostor: ScoredPairs;
  /** What is known about the photographs; nothing where only scores are given. */
  readonly photographs?: {
    readonly names: readonly string[];
    readonly qualities: readonly FaceQuality[];
    /** Whom each shows: numbers from 0, without gaps. */
    readonly people: Uint32Array;
  };
  /** The groups that the input puts its pairs into. */
  readonly groups?: Division;
}

/** A threshold and both error rates at it. */
export interface OperatingPoint {
  readonly threshold: number;
  readonly fmr: Rate;
  readonly fnmr: Rate;
}

/** The threshold for a false match rate, or null where the impostor pairs are too few to show it. */
export interface WantedPoint {
  readonly wanted_fmr: number;
  readonly point: OperatingPoint | null;
}

/** What the scores of one detector show. */
export interface Evaluation {
  readonly genuine_pairs: number;
  readonly impostor_pairs: number;
  /** Of how many pairs these were drawn. */
  readonly genuine_pairs_in_all: number;
  readonly impostor_pairs_in_all: number;
  /** Null where a kind of pair is missing. */
  readonly rates: EvaluatedRates | null;
}

export interface EvaluatedRates {
  readonly eer: EqualError;
  /** d′; null where no score differs from another of its kind. */
  readonly d_prime: number | null;
  readonly points: readonly WantedPoint[];
  /** The threshold in use. */
  readonly current: OperatingPoint;
  readonly review_band: ReturnType<typeof reviewBand>;
  readonly most_wrong: { readonly genuine: readonly NamedPair[]; readonly impostor: readonly NamedPair[] };
  /** At the threshold in use; empty where nothing is known. */
  readonly by: {
    readonly face_width: readonly PartRates[];
    readonly colour: readonly PartRates[];
    readonly group: readonly PartRates[];
  };
  readonly error_discard: readonly ErrorDiscard[];
  readonly curves: Curves;
}

/** What to look at. */
export interface EvaluationOptions {
  /** False match rates to find thresholds for. */
  readonly fmr: readonly number[];
  /** The threshold in use. */
  readonly threshold: number;
}

/** Computes everything that a report says about the scores of one detector. Deterministic. */
export function evaluate(set: ScoredSet, options: EvaluationOptions): Evaluation {
  const { genuine, impostor } = set;
  const hasBoth = genuine.similarities.length > 0 && impostor.similarities.length > 0;
  return {
    genuine_pairs: genuine.similarities.length,
    impostor_pairs: impostor.similarities.length,
    genuine_pairs_in_all: genuine.total,
    impostor_pairs_in_all: impostor.total,
    rates: hasBoth ? evaluateRates(set, options) : null,
  };
}

function evaluateRates(set: ScoredSet, { fmr, threshold: current }: EvaluationOptions): EvaluatedRates {
  const { photographs } = set;
  const genuine = withPeople(set.genuine, photographs?.people, 'genuine');
  const impostor = withPeople(set.impostor, photographs?.people, 'impostor');
  const rates = new ErrorRates(genuine.pairs.similarities, impostor.pairs.similarities);
  const wanted = fmr.map((rate) => rates.thresholdForFmr(rate));
  const shown = wanted.filter((threshold) => threshold !== undefined);
  const points = new Map(operatingPoints([...new Set([...shown, current])], genuine, impostor));
  const pointAt = (threshold: number): OperatingPoint => {
    const point = points.get(threshold);
    if (point === undefined) throw new TypeError('expected the rates at this threshold');
    return point;
  };
  const divided = (division: Division | undefined): PartRates[] =>
    division === undefined ? [] : ratesByPart(division, genuine, impostor, current);
  return {
    eer: equalError(rates),
    d_prime: separation(genuine.pairs.similarities, impostor.pairs.similarities) ?? null,
    points: wanted.map((threshold, i) => ({
      wanted_fmr: fmr[i],
      point: threshold === undefined ? null : pointAt(threshold),
    })),
    current: pointAt(current),
    review_band: reviewBand(rates, shown.length === 0 ? undefined : Math.max(...shown), current),
    most_wrong: {
      genuine: mostWrong(set.genuine, 'genuine', photographs?.names ?? []),
      impostor: mostWrong(set.impostor, 'impostor', photographs?.names ?? []),
    },
    by: {
      face_width: divided(photographs && byFaceWidth(set.genuine, set.impostor, photographs.qualities)),
      colour: divided(photographs && byColour(set.genuine, set.impostor, photographs.qualities)),
      group: divided(set.groups),
    },
    error_discard: photographs ? errorDiscard(set.genuine, photographs.qualities, current) : [],
    curves: curves(rates),
  };
}

function operatingPoints(
  thresholds: readonly number[],
  genuine: PairsOfPeople,
  impostor: PairsOfPeople,
): [number, OperatingPoint][] {
  const fmr = sharesFrom(impostor.pairs.similarities, thresholds, impostor.people);
  const fnmr = sharesBelow(genuine.pairs.similarities, thresholds, genuine.people);
  return thresholds.map((threshold, i) => [threshold, { threshold, fmr: fmr[i], fnmr: fnmr[i] }]);
}

/** The people of impostor pairs, as both the bootstrap and a calibration file need them. */
export function peopleOfPairs(
  { photographs }: ScoredPairs,
  people: Uint32Array,
  kind: 'genuine' | 'impostor',
): PeopleOfPairs | undefined {
  if (photographs === undefined) return undefined;
  return {
    count: people.length === 0 ? 0 : people[people.length - 1] + 1,
    first: photographs.first.map((photograph) => people[photograph]),
    ...(kind === 'impostor' && { second: photographs.second.map((photograph) => people[photograph]) }),
  };
}

const withPeople = (
  pairs: ScoredPairs,
  people: Uint32Array | undefined,
  kind: 'genuine' | 'impostor',
): PairsOfPeople => ({
  pairs,
  people: people && peopleOfPairs(pairs, people, kind),
});
