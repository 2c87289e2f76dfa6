import type { Calibration, CropRule, DetectorName } from '#face';
import { buildCalibration } from '#face/build-calibration';
import type { EmbedderEntry, ModelSet } from '#inference';
import { peopleOfPairs, type ScoredSet } from './statistics/evaluate.js';

/** What the scores were made with. */
export interface ScoredWith {
  readonly models: Pick<ModelSet, 'precision'> & { readonly embedder: EmbedderEntry };
  readonly cropRule: CropRule;
  readonly cropMargins: Readonly<Record<DetectorName, number>>;
}

/** The embedder as a calibration names it. */
export const calibratedEmbedder = ({ embedder, precision }: ScoredWith['models']): Calibration['embedder'] => ({
  weights: embedder.weights,
  precision,
  sha256: embedder.sha256,
});

/**
 * Makes the calibration file for the service, of the detectors that have impostor pairs.
 *
 * @returns undefined if none has
 * @throws RangeError if a score is not within −1 to 1
 */
export function calibrationOf(
  sets: ReadonlyMap<DetectorName, ScoredSet>,
  { models, cropRule, cropMargins }: ScoredWith,
): Calibration | undefined {
  const scored = [...sets].filter(([, { impostor }]) => impostor.similarities.length > 0);
  if (scored.length === 0) return undefined;
  return buildCalibration({
    embedder: calibratedEmbedder(models),
    cropRule,
    detectors: Object.fromEntries(
      scored.map(([detector, set]) => [detector, { cropMargin: cropMargins[detector], ...impostorScores(set) }]),
    ),
  });
}

function impostorScores({ impostor, photographs }: ScoredSet) {
  const { similarities } = impostor;
  if (photographs === undefined) return { similarities };
  const people = peopleOfPairs(impostor, photographs.people, 'impostor');
  return {
    similarities,
    photographs: photographs.people.length,
    ...(people?.second && { people: { count: people.count, first: people.first, second: people.second } }),
  };
}
