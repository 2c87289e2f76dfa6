import { toCount, toSeconds } from './values.mjs';

/** Where the service is, without a slash at the end. */
export const BASE_URL = (__ENV['BASE_URL'] ?? 'http://localhost:8000').replace(/\/+$/, '');

/** A whole number from 1 up, from the environment. */
export const count = (name: string, fallback: number): number => toCount(name, __ENV[name] ?? String(fallback));

/**
 * How long a scenario runs, from DURATION.
 *
 * @param fallback in the same notation: hours, minutes and seconds such as `1h30m` or `45s`
 * @returns seconds
 */
export const durationSeconds = (fallback: string): number => toSeconds('DURATION', __ENV['DURATION'] ?? fallback);
