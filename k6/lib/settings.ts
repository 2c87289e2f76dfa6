/** Where the service is, without a slash at the end. */
export const BASE_URL = (__ENV['BASE_URL'] ?? 'http://localhost:8000').replace(/\/+$/, '');

/** A whole number from 1 up, from the environment. */
export function count(name: string, fallback: number): number {
  const value = Number(__ENV[name] ?? fallback);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number from 1 up`);
  return value;
}

const DURATION = /^(?=.)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/**
 * How long a scenario runs, from DURATION.
 *
 * @param fallback in the same notation: hours, minutes and seconds such as `1h30m` or `45s`
 * @returns seconds
 */
export function durationSeconds(fallback: string): number {
  const found = DURATION.exec(__ENV['DURATION'] ?? fallback);
  if (found === null) throw new Error('DURATION must be hours, minutes and seconds such as 1h30m or 45s');
  const [hours, minutes, seconds] = found.slice(1).map((part) => Number(part || 0));
  return hours * 3600 + minutes * 60 + seconds;
}
