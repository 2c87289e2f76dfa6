import { stat } from 'node:fs/promises';
import type { DetectorName } from '#face';
import type { Settings } from '../../../api/src/config/settings.js';
import { chooseExecutionProvider, startInference } from '../../../api/src/inference/inference-runtime.js';
import { acquire } from './acquisition/acquire.js';
import type { Acquisition } from './acquisition/acquisition.js';
import { Progress } from './acquisition/progress.js';
import { calibratedEmbedder, calibrationOf, type ScoredWith } from './calibration-file.js';
import type { LabelledInput } from './inputs/labelled.js';
import { readPairsFile } from './inputs/pairs-file.js';
import { readPersonFolders } from './inputs/person-folders.js';
import { interruptible } from './interruption.js';
import { printable } from '../output.js';
import { reportAcquisition, reportDetector } from './report-detector.js';
import { type CalibrationOptions, type Results } from './results.js';
import { scoreAcquisition } from './scores/score-acquisition.js';
import type { ScoredSet } from './statistics/evaluate.js';
import { thresholdsInUse } from './threshold-in-use.js';

/** Photographs that may wait: enough for a worker to have its next one, and for the pool to start. */
const QUEUE = 2;

/** What the photographs became, and with what. */
interface AcquiredInput extends ScoredWith {
  readonly acquisition: Acquisition;
}

/**
 * Calibrates with a folder per person, or the pairs of a CSV file.
 *
 * @param path of either
 * @throws Interrupted if the user ends it while photographs are read
 * @throws Error with one line saying what is wrong with the input or the settings
 */
export async function calibratePhotographs(
  path: string,
  settings: Settings,
  options: CalibrationOptions,
): Promise<Results> {
  const input = await readInput(path);
  const { acquisition, ...scoredWith } = await interruptible((signal) => acquireInput(input, settings, signal));
  const { models, cropRule } = scoredWith;
  const thresholds = await thresholdsInUse(settings, models.embedder, cropRule);
  const copies = acquisition.copyOf.filter((original) => original !== undefined).length;
  const sets = new Map<DetectorName, ScoredSet>();
  const detectors = settings.detectors.map((detector) => {
    const set = scoreAcquisition(input, acquisition, detector);
    sets.set(detector, set);
    const acquired = reportAcquisition(input, acquisition, detector);
    return reportDetector(detector, set, acquired, { ...options, threshold: thresholds.of(detector) });
  });
  const calibration = calibrationOf(sets, scoredWith);
  return {
    report: {
      input: path,
      notes: [
        ...input.notes,
        ...(copies === 0 ? [] : [`copies of another file of the same person, ignored: ${copies}`]),
        ...(thresholds.note === undefined ? [] : [thresholds.note]),
      ],
      embedder: calibratedEmbedder(models),
      crop_rule: cropRule,
      people: input.people,
      photographs: input.photographs.length,
      requirements: options.requirements,
      detectors,
    },
    ...(calibration && { calibration }),
  };
}

async function readInput(path: string): Promise<LabelledInput> {
  const found = await stat(path).catch((error: unknown) => {
    throw new Error(`${printable(path)}: there is no such file or folder`, { cause: error });
  });
  return found.isDirectory() ? readPersonFolders(path) : readPairsFile(path);
}

/** Sends every photograph through a pool of its own, as the service would be started with these settings. */
async function acquireInput(input: LabelledInput, settings: Settings, signal: AbortSignal): Promise<AcquiredInput> {
  const { detectors, faceSelection: selection, maxImageBytes, minConfidence } = settings;
  // Without what only a service needs, such as a calibration made earlier.
  const own: Settings = { ...settings, calibration: 'none', fmr: 'none', reviewBand: 'none', maxQueue: QUEUE };
  const provider = await chooseExecutionProvider(own);
  const { pool, models, cropRule } = await startInference(own, provider, () => undefined);
  const progress = new Progress(input.photographs.length, 'photographs');
  try {
    const acquisition = await acquire(input.photographs, {
      pool,
      concurrency: pool.capacity - QUEUE + 1,
      detectors,
      selection,
      minConfidence,
      maxImageBytes,
      onProgress: () => {
        progress.step();
      },
      signal,
    });
    return { acquisition, models, cropRule, cropMargins: settings.cropMargins };
  } finally {
    progress.stop();
    await pool.close();
  }
}
