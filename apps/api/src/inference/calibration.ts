import { readFile } from 'node:fs/promises';
import { type Calibration, type CropRule, type DetectorCalibration, type DetectorName, readCalibration } from '#face';
import type { EmbedderEntry } from '#inference';
import type { Settings } from '../config/settings.js';

/** The calibration of each detector in use. */
export type Calibrations = ReadonlyMap<DetectorName, DetectorCalibration>;

/**
 * Reads the calibration file and checks that it is of this service: scores of other weights, another precision of them,
 * or another crop mean something else.
 *
 * @returns undefined if there is no file
 * @throws Error with one line that names the file and what is wrong with it
 */
export async function openCalibration(
  { calibration: path, cropMargins, detectors }: Settings,
  embedder: EmbedderEntry,
  cropRule: CropRule,
): Promise<Calibrations | undefined> {
  if (path === 'none') return undefined;
  const file = await read(path);
  const check = (holds: boolean, problem: string): void => {
    if (!holds) throw new Error(`${path}: the calibration is ${problem}`);
  };
  const made = file.embedder;
  check(
    made.sha256 === embedder.sha256,
    `of other weights (${made.weights}, ${made.precision}) than those in use (${embedder.weights}, ${embedder.precision}): their SHA-256 differs`,
  );
  check(file.crop_rule === cropRule, `of the crop rule ${file.crop_rule}, but ${cropRule} is in use`);
  return new Map(
    detectors.map((detector): [DetectorName, DetectorCalibration] => {
      const found = file.detectors[detector];
      if (found === undefined)
        throw new Error(
          `${path}: the calibration lacks the detector ${detector}: calibrate with it, or leave it out of DETECTORS`,
        );
      check(
        found.crop_margin === cropMargins[detector],
        `of a crop margin of ${found.crop_margin} for ${detector}, but ${cropMargins[detector]} is in use`,
      );
      return [detector, found];
    }),
  );
}

async function read(path: string): Promise<Calibration> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`${path}: the calibration file is missing or cannot be read`, { cause: error });
  });
  try {
    return readCalibration(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`${path}: not a calibration file: ${problem}`, { cause: error });
  }
}
