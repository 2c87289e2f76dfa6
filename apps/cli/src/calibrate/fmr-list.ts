import { InvalidArgumentError } from 'commander';

/** Each is a row of every table. */
const MOST = 20;

/**
 * Parses a list of false match rates such as `1e-2,1e-3`.
 *
 * @returns them, each once, the highest first
 * @throws InvalidArgumentError
 */
export function parseFmrList(text: string): number[] {
  const rates = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (rates.length > MOST || !rates.every((rate) => rate > 0 && rate < 1)) {
    throw new InvalidArgumentError(`It must be up to ${MOST} rates between 0 and 1, such as 1e-2,1e-3.`);
  }
  return highestFirst(rates);
}

/** Rates, each once, the highest first. */
export const highestFirst = (rates: readonly number[]): number[] => [...new Set(rates)].sort((a, b) => b - a);
