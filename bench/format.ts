import type { LoadResult } from './load.js';

/** A result in one line. */
export function describe({ requestsPerSecond, medianMs, p95Ms, p99Ms }: LoadResult): string {
  return `${requestsPerSecond.toFixed(1).padStart(6)} requests/s, median ${ms(medianMs)} ms, p95 ${ms(p95Ms)} ms, p99 ${ms(p99Ms)} ms`;
}

/** Milliseconds, in a column. */
export function ms(value: number): string {
  return value.toFixed(1).padStart(6);
}
