import { toCount, toSeconds } from './values.mjs';

/** The service's URL, without a trailing slash. */
export const BASE_URL = (__ENV['BASE_URL'] ?? 'http://localhost:8000').replace(/\/+$/, '');

/** Signs requests in, if API_KEY is set. */
export const KEY_HEADERS: Readonly<Record<string, string>> =
  'API_KEY' in __ENV ? { 'X-API-Key': __ENV['API_KEY'] } : {};

/** An integer from the environment, at least 1. */
export const count = (name: string, fallback: number): number => toCount(name, __ENV[name] ?? String(fallback));

/**
 * How long a scenario runs, from DURATION.
 *
 * @param fallback in the same notation: hours, minutes and seconds such as `1h30m` or `45s`
 * @returns seconds
 */
export const durationSeconds = (fallback: string): number => toSeconds('DURATION', __ENV['DURATION'] ?? fallback);
