import type { DetectorName } from '#face';
import { openModels } from '#inference';
import type { Settings } from '../../../api/src/config/settings.js';
import { acceptablePrecisions, cropRuleFor } from '../../../api/src/inference/inference-runtime.js';
import { calibrationOf } from './calibration-file.js';
import { readScoreFile } from './inputs/score-file.js';
import { reportDetector } from './report-detector.js';
import type { CalibrationOptions, Results } from './results.js';
import type { ScoredPairs } from './scores/scored-pairs.js';
import { thresholdsInUse } from './threshold-in-use.js';

/** The files with the scores. */
export interface ScoreFiles {
  readonly genuine: string;
  readonly impostor: string;
}

/**
 * Calibrates with scores that were measured elsewhere. Nothing is known about who they show: pairs count as independent.
 *
 * @param detector which the scores were made with, by a service with these settings; without it, there is no calibration
 *   file
 * @throws Error with one line saying what is wrong with the files or the settings
 */
export async function calibrateScores(
  files: ScoreFiles,
  detector: DetectorName | undefined,
  settings: Settings,
  options: CalibrationOptions,
): Promise<Results> {
  const set = { genuine: await scoresOf(files.genuine), impostor: await scoresOf(files.impostor) };
  const models = await openModels(settings.modelsDir, {
    detectors: settings.detectors,
    weights: settings.embedderWeights,
    precisions: acceptablePrecisions(settings),
  });
  const cropRule = cropRuleFor(settings, models.embedder);
  const thresholds = await thresholdsInUse(settings, models.embedder, cropRule);
  const threshold = thresholds.of(detector ?? settings.detectors[0]);
  const calibration =
    detector && calibrationOf(new Map([[detector, set]]), { models, cropRule, cropMargins: settings.cropMargins });
  return {
    report: {
      input: `${files.genuine}, ${files.impostor}`,
      notes: [
        'only scores are given: pairs count as independent, and intervals are too narrow where people recur',
        ...(thresholds.note === undefined ? [] : [thresholds.note]),
      ],
      requirements: options.requirements,
      detectors: [reportDetector(detector ?? '', set, undefined, { ...options, threshold })],
    },
    ...(calibration && { calibration }),
  };
}

async function scoresOf(file: string): Promise<ScoredPairs> {
  const similarities = await readScoreFile(file);
  return { similarities, total: similarities.length };
}
