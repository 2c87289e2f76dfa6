import { InvalidArgumentError } from 'commander';
import type { Evaluation } from './statistics/evaluate.js';

/** A false non-match rate that must be kept at a false match rate. */
export interface Requirement {
  readonly fmr: number;
  /** The highest that passes. */
  readonly fnmr: number;
}

/**
 * Parses a requirement such as `fmr=1e-3,fnmr=0.05`, and adds it to those before it.
 *
 * @throws InvalidArgumentError
 */
export function parseRequirement(text: string, earlier: readonly Requirement[] = []): Requirement[] {
  const match = /^fmr=([^,=]+),fnmr=([^,=]+)$/.exec(text.replaceAll(' ', ''));
  const [fmr, fnmr] = match === null ? [NaN, NaN] : match.slice(1).map(Number);
  if (!(fmr > 0 && fmr < 1 && fnmr >= 0 && fnmr < 1)) {
    throw new InvalidArgumentError('It must be like fmr=1e-3,fnmr=0.05, with rates below 1.');
  }
  return [...earlier, { fmr, fnmr }];
}

/** Whether the rates meet a requirement. What the pairs are too few to show is not met. */
export function isMet({ fmr, fnmr }: Requirement, { rates }: Evaluation): boolean {
  const point = rates?.points.find(({ wanted_fmr: wanted }) => wanted === fmr)?.point;
  return point != null && point.fnmr.rate <= fnmr;
}
