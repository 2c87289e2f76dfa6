import type { FaceQuality } from '#face';
import type { ScoredPairs } from '../scores/scored-pairs.js';

/** The largest share of pairs to discard, and the steps up to it. */
const MOST = 0.5;
const STEPS = 25;

/** Fewer say nothing about a part of them. */
const LEAST_PAIRS = 20;

/** What photographs can be discarded by: higher is better. */
const MEASURES: Readonly<Record<string, (quality: FaceQuality) => number>> = {
  eye_distance: ({ eyeDistance }) => eyeDistance,
  sharpness: ({ sharpness }) => sharpness,
  contrast: ({ contrast }) => contrast,
  frontal_pose: ({ pose }) => -Math.max(Math.abs(pose.yaw), Math.abs(pose.pitch)),
};

/** The FNMR of what is left when the worst pairs by one measure are discarded. */
export interface ErrorDiscard {
  readonly measure: string;
  /** Share discarded, and the FNMR of the rest. */
  readonly points: readonly (readonly [discarded: number, fnmr: number])[];
}

/**
 * Error versus discard (Grother and Tabassi, "Performance of biometric quality measures", 2007; ISO/IEC 29794-1): how
 * the false non-match rate at a threshold falls when the genuine pairs of the lowest quality are discarded. The quality
 * of a pair is that of its worse photograph. Only photographs with a face have one: failures to acquire are not part of
 * it.
 *
 * @param qualities of each photograph
 * @returns nothing for pairs too few to tell
 */
export function errorDiscard(
  { similarities, photographs }: ScoredPairs,
  qualities: readonly FaceQuality[],
  threshold: number,
): ErrorDiscard[] {
  if (photographs === undefined || similarities.length < LEAST_PAIRS) return [];
  const { first, second } = photographs;
  return Object.entries(MEASURES).map(([measure, of]) => {
    const values = qualities.map(of);
    const worse = Float64Array.from(similarities, (_, i) => Math.min(values[first[i]], values[second[i]]));
    const bestFirst = Uint32Array.from(similarities, (_, i) => i).sort((a, b) => worse[b] - worse[a]);
    const errors = new Uint32Array(similarities.length + 1);
    bestFirst.forEach((pair, kept) => (errors[kept + 1] = errors[kept] + Number(similarities[pair] < threshold)));
    const points = Array.from({ length: STEPS + 1 }, (_, step): [number, number] => {
      const kept = Math.round(similarities.length * (1 - (step / STEPS) * MOST));
      return [1 - kept / similarities.length, errors[kept] / kept];
    });
    return { measure, points };
  });
}
