import { cpus } from 'node:os';
import { decisiveCpuFeatures } from '../libs/inference/src/cpu-features.js';
import type { LoadResult } from './load.js';

/** A result in one line. */
export function describe({ requestsPerSecond, medianMs, p95Ms, p99Ms }: LoadResult): string {
  return `${requestsPerSecond.toFixed(1).padStart(6)} requests/s, median ${ms(medianMs)} ms, p95 ${ms(p95Ms)} ms, p99 ${ms(p99Ms)} ms`;
}

/** This machine, as far as it decides how fast the service is. */
export function machine(): string {
  const features = decisiveCpuFeatures().join(' ') || 'features unknown';
  return `${cpus()[0].model} (${features}), ${cpus().length} cores, Node ${process.version}`;
}

/** Milliseconds, in a column. */
export function ms(value: number): string {
  return value.toFixed(1).padStart(6);
}
