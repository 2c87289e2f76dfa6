import type { CropRule } from '../cropping/crop-rule.js';
import type { DetectorName } from '../detection/detectors.js';
import {
  type CalibratedEmbedder,
  type Calibration,
  CALIBRATION_FORMAT,
  CALIBRATION_VERSION,
  type DetectorCalibration,
} from './calibration.js';
import { clopperPearson } from './clopper-pearson.js';
import { type PairedPeople, peopleBootstrap } from './people-bootstrap.js';
import { MAX_THRESHOLD, MIN_THRESHOLD } from './threshold.js';

export { clopperPearson } from './clopper-pearson.js';
export { normalDeviate } from './normal-deviate.js';
export { type PairedPeople, peopleBootstrap } from './people-bootstrap.js';

/** Who the pairs show. */
export interface NumberedPeople {
  /** How many people there are; they are numbered from 0. */
  readonly count: number;
  /** Of each pair, the person in its first photograph. */
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
}

/** The impostor pairs that a detector was measured with. */
export interface ImpostorScores {
  /** Margin around the detector's boxes, as a share of the side. */
  readonly cropMargin: number;
  /** The cosine similarity of each pair. */
  readonly similarities: ArrayLike<number>;
  /** Who each pair shows, if known. */
  readonly people?: NumberedPeople;
  /** Number of photographs, if known. */
  readonly photographs?: number;
}

/** What a calibration was measured with. */
export interface CalibrationSource {
  readonly embedder: CalibratedEmbedder;
  readonly cropRule: CropRule;
  readonly detectors: Readonly<Partial<Record<DetectorName, ImpostorScores>>>;
}

/** Each of the highest scores has its own row. */
const EXACT_PAIRS = 1000;

/** Below them, rows count at most this much more than their highest score does. */
const GROWTH = 1.01;

/**
 * Makes a calibration from the scores of impostor pairs.
 *
 * @throws RangeError if a detector has no pairs, a similarity is not within −1 to 1, the people do not fit the pairs, or
 *   a pair shows one person twice
 */
export function buildCalibration({ embedder, cropRule, detectors }: CalibrationSource): Calibration {
  return {
    format: CALIBRATION_FORMAT,
    version: CALIBRATION_VERSION,
    embedder: { weights: embedder.weights, precision: embedder.precision, sha256: embedder.sha256 },
    crop_rule: cropRule,
    detectors: Object.fromEntries(Object.entries(detectors).map(([name, scores]) => [name, calibrateDetector(scores)])),
  };
}

function calibrateDetector(scores: ImpostorScores): DetectorCalibration {
  checkScores(scores);
  const { cropMargin, similarities, people, photographs } = scores;
  const order = Uint32Array.from({ length: similarities.length }, (_, i) => i);
  order.sort((a, b) => similarities[b] - similarities[a]);
  const rows = thinned(Float64Array.from(order, (i) => similarities[i]));
  const ends = rows.map(({ pairs }) => pairs);
  const intervals = people && peopleBootstrap(inOrder(people, order), ends);
  return {
    crop_margin: cropMargin,
    ...(people && { people: people.count }),
    ...(photographs !== undefined && { photographs }),
    impostor_pairs: order.length,
    false_match_rates: rows.map(({ similarity, pairs }, i) => {
      const [low, high] = clopperPearson(pairs, order.length);
      const [peopleLow, peopleHigh] = intervals?.[i] ?? [low, high];
      return [similarity, pairs, Math.min(low, peopleLow), Math.max(high, peopleHigh)];
    }),
  };
}

const inOrder = ({ count, first, second }: NumberedPeople, order: Uint32Array): PairedPeople => ({
  count,
  first: order.map((i) => first[i]),
  second: order.map((i) => second[i]),
});

/**
 * Groups scores into rows, each with its highest similarity and the number of scores down to its lowest.
 *
 * @param sorted descending
 */
function thinned(sorted: Float64Array): { similarity: number; pairs: number }[] {
  const rows: { similarity: number; pairs: number }[] = [];
  for (let at = 0; at < sorted.length; at = rows[rows.length - 1].pairs) {
    let pairs = afterTies(sorted, at);
    const limit = pairs > EXACT_PAIRS ? pairs * GROWTH : pairs;
    while (pairs < sorted.length) {
      const next = afterTies(sorted, pairs);
      if (next > limit) break;
      pairs = next;
    }
    rows.push({ similarity: sorted[at], pairs });
  }
  return rows;
}

/** The index after the last score that equals the one at this index. */
function afterTies(sorted: Float64Array, at: number): number {
  let end = at + 1;
  while (end < sorted.length && sorted[end] === sorted[at]) end++;
  return end;
}

function checkScores({ similarities, people }: ImpostorScores): void {
  if (similarities.length === 0) throw new RangeError('a calibration takes at least one impostor pair');
  for (let i = 0; i < similarities.length; i++) {
    const isSimilarity = similarities[i] >= MIN_THRESHOLD && similarities[i] <= MAX_THRESHOLD;
    if (!isSimilarity) throw new RangeError(`the similarity of pair ${i} must be within −1 to 1`);
  }
  if (people === undefined) return;
  const { count, first, second } = people;
  if (first.length !== similarities.length || second.length !== similarities.length) {
    throw new RangeError('each pair must have its two people');
  }
  const isPerson = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < count;
  for (let i = 0; i < similarities.length; i++) {
    if (!isPerson(first[i]) || !isPerson(second[i]) || first[i] === second[i]) {
      throw new RangeError(`pair ${i} must be of two different people, numbered from 0 to ${count - 1}`);
    }
  }
}
