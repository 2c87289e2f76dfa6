import { CROP_RULES } from '../cropping/crop-rule.js';
import { DETECTOR_NAMES } from '../detection/detectors.js';
import { type Calibration, CALIBRATION_FORMAT, CALIBRATION_VERSION } from './calibration.js';
import { MAX_THRESHOLD, MIN_THRESHOLD } from './threshold.js';

/**
 * Parses a calibration file. Members that are not part of the format are allowed, and ignored.
 *
 * @throws Error with one line that names the member and what it must be
 */
export function readCalibration(text: string): Calibration {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw new Error('it is not JSON', { cause: error });
  }
  check(isObject(file) && file['format'] === CALIBRATION_FORMAT, `format must be "${CALIBRATION_FORMAT}"`);
  const { version, embedder, crop_rule: cropRule, detectors } = file;
  check(version === CALIBRATION_VERSION, `version must be ${CALIBRATION_VERSION}`);
  check(isObject(embedder), 'embedder must be an object');
  for (const name of ['weights', 'precision']) check(isText(embedder[name]), `embedder.${name} must be text`);
  check(isSha256(embedder['sha256']), 'embedder.sha256 must be 64 hexadecimal digits in lower case');
  check(
    CROP_RULES.some((rule) => rule === cropRule),
    `crop_rule must be one of ${CROP_RULES.join(', ')}`,
  );
  check(
    isObject(detectors) && Object.keys(detectors).length > 0,
    'detectors must be an object with at least one detector',
  );
  for (const [name, detector] of Object.entries(detectors)) {
    check(
      DETECTOR_NAMES.some((known) => known === name),
      `detectors has a member that is none of ${DETECTOR_NAMES.join(', ')}`,
    );
    checkDetector(detector, `detectors.${name}`);
  }
  return file as unknown as Calibration;
}

function checkDetector(detector: unknown, where: string): void {
  check(isObject(detector), `${where} must be an object`);
  const { crop_margin: margin, people, photographs, impostor_pairs: all, false_match_rates: rows } = detector;
  check(isWithin(margin, 0, 2), `${where}.crop_margin must be a number from 0 to 2`);
  for (const [name, count] of Object.entries({ people, photographs })) {
    check(count === undefined || isCount(count, 2), `${where}.${name} must be a whole number from 2, or left out`);
  }
  check(isCount(all, 1), `${where}.impostor_pairs must be a whole number from 1`);
  check(Array.isArray(rows) && rows.length > 0, `${where}.false_match_rates must be a list that is not empty`);
  checkRows(rows, all, `${where}.false_match_rates`);
}

/** Similarities fall from row to row; pairs and the bounds of their share rise, up to all pairs. */
function checkRows(rows: readonly unknown[], all: number, where: string): void {
  let above = { similarity: Infinity, pairs: 0, low: 0, high: 0 };
  rows.forEach((row, at) => {
    check(
      Array.isArray(row) && row.length === 4 && row.every((value) => typeof value === 'number'),
      `${where}[${at}] must be a list of four numbers`,
    );
    const [similarity, pairs, low, high] = row as [number, number, number, number];
    check(
      isWithin(similarity, MIN_THRESHOLD, MAX_THRESHOLD) && similarity < above.similarity,
      `${where}[${at}][0] must be a similarity from ${MIN_THRESHOLD} to ${MAX_THRESHOLD}, below that of the row before`,
    );
    check(
      isCount(pairs, above.pairs + 1) && pairs <= all,
      `${where}[${at}][1] must be a whole number above that of the row before, and not above impostor_pairs`,
    );
    check(
      isWithin(low, above.low, pairs / all),
      `${where}[${at}][2] must not be below that of the row before, nor above the share of the pairs`,
    );
    check(
      isWithin(high, Math.max(above.high, pairs / all), 1),
      `${where}[${at}][3] must not be below that of the row before, nor below the share of the pairs, nor above 1`,
    );
    above = { similarity, pairs, low, high };
  });
  check(above.pairs === all, `${where} must end with all impostor_pairs`);
}

function check(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new Error(problem);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const isSha256 = (value: unknown): boolean => typeof value === 'string' && /^[\da-f]{64}$/.test(value);

const isCount = (value: unknown, min: number): value is number => Number.isSafeInteger(value) && Number(value) >= min;

const isWithin = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'number' && value >= min && value <= max;
