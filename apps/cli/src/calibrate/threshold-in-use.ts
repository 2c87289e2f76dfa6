import type { CropRule, DetectorName } from '#face';
import type { EmbedderEntry } from '#inference';
import type { Settings } from '../../../api/src/config/settings.js';
import { openCalibration } from '../../../api/src/inference/calibration.js';
import { ScoreMeaning } from '../../../api/src/inference/score-meaning.js';

/** The thresholds that a service with these settings has. */
export interface ThresholdsInUse {
  readonly of: (detector: DetectorName) => number;
  /** Why they are not those that the settings ask for. */
  readonly note?: string;
}

/**
 * Finds the thresholds in use. Where the settings take them from an earlier calibration that does not fit any more, which
 * is a reason to make a new one, they are those of the weights.
 */
export async function thresholdsInUse(
  settings: Settings,
  embedder: EmbedderEntry,
  cropRule: CropRule,
): Promise<ThresholdsInUse> {
  const band = { ...settings, reviewBand: 'none' as const };
  try {
    const calibrations = await openCalibration(settings, embedder, cropRule);
    const meaning = new ScoreMeaning(band, embedder.threshold, calibrations);
    return { of: (detector) => meaning.threshold(detector) };
  } catch (error) {
    const meaning = new ScoreMeaning({ ...band, fmr: 'none' }, embedder.threshold);
    const reason = error instanceof Error ? error.message : String(error);
    return { of: (detector) => meaning.threshold(detector), note: `the calibration in use is ignored: ${reason}` };
  }
}
