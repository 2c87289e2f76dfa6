import type { Calibration, DetectorName } from '#face';
import { readSettings, type Settings } from '../../../api/src/config/settings.js';
import type { Report } from './report.js';
import type { Requirement } from './requirement.js';

/** What a run gives. */
export interface Results {
  readonly report: Report;
  /** Left out where there are no impostor scores, or it is not known how they were made. */
  readonly calibration?: Calibration;
}

/** What to look at, whatever the input. */
export interface CalibrationOptions {
  /** False match rates to find thresholds for, the highest first. */
  readonly fmr: readonly number[];
  readonly requirements: readonly Requirement[];
}

/** The settings of the service, for these detectors. Its calibration in use does not matter to the pool. */
export const settingsFor = (detectors: readonly DetectorName[] | undefined): Settings => {
  const settings = readSettings();
  return detectors === undefined ? settings : { ...settings, detectors: [...detectors] };
};
