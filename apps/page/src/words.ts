import type { FalseMatchRate } from './answers.js';

/** What each warning means for a person. */
const WARNINGS: Readonly<Record<string, string>> = {
  FACE_SMALL: 'The face is small: there are few pixels between its eyes.',
  BLURRED: 'The face is blurred.',
  TOO_DARK: 'The face is very dark.',
  TOO_BRIGHT: 'The face is very bright.',
  LOW_CONTRAST: 'The face has hardly any light and shade.',
  TURNED_AWAY: 'The face looks to a side, up or down.',
  TILTED: 'The head leans towards a shoulder.',
  FACE_CUT_OFF: 'Part of the face is outside the photograph.',
  SEVERAL_FACES: 'There is more than one face; the one with the box was compared.',
  LOW_CONFIDENCE: 'This may not be a face.',
};

/** A warning in words; one that this page does not know, as its code. */
export const warningInWords = (code: string): string => WARNINGS[code] ?? code;

/** What people call a detector. */
export const DETECTOR_TITLES: Readonly<Record<string, string>> = { mtcnn: 'MTCNN', blazeface: 'BlazeFace' };

/** A threshold with four decimals at most: those that a calibration gives have sixteen. */
export const thresholdShown = (threshold: number, decimals = 4): string => minus(String(rounded(threshold, decimals)));

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));

/**
 * A similarity and the threshold that it was held against, with so many decimals that they do not look equal if they
 * are not.
 */
export function asShown(similarity: number, threshold: number): [similarity: string, threshold: string] {
  const reaches = similarity >= threshold;
  for (let decimals = 3; decimals < 16; decimals++) {
    const shown = similarity.toFixed(decimals);
    const most = Math.max(4, decimals);
    if (Number(shown) >= rounded(threshold, most) === reaches) return [minus(shown), thresholdShown(threshold, most)];
  }
  return [minus(String(similarity)), minus(String(threshold))];
}

/** With a true minus sign instead of a hyphen. */
export const minus = (number: string): string => number.replace('-', '−');

/** Bytes in decimal megabytes or kilobytes. */
export const fileSize = (bytes: number): string =>
  bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`;

/** Milliseconds, with three significant digits at most. */
export const milliseconds = (ms: number): string =>
  `${ms >= 100 ? Math.round(ms) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2)} ms`;

/** How often two different people score as high. */
export function falseMatchRateInWords({ rate, low, high, below }: FalseMatchRate): string {
  if (rate === undefined) {
    return below === undefined ? '' : `Fewer than 1 in ${oneIn(below)} pairs of different people score as high.`;
  }
  const interval = low === undefined || high === undefined ? '' : ` (95 %: 1 in ${oneIn(high)} to 1 in ${oneIn(low)})`;
  return `About 1 in ${oneIn(rate)} pairs of different people scores as high${interval}.`;
}

const oneIn = (rate: number): string =>
  rate > 0 ? new Intl.NumberFormat('en', { maximumSignificantDigits: 2 }).format(1 / rate) : 'infinitely many';
