import { roundMs } from './rounding.js';

/** Milliseconds for the stages of a photograph that it went through. */
interface PhotographTimings {
  readonly decodeMs: number;
  readonly detectMs: number;
  readonly cropMs?: number;
  readonly embedMs?: number;
}

/** A result for one photograph, and how long the photograph waited for a worker. */
export type Queued<Result> = Result & { readonly queueMs: number };

/**
 * Milliseconds that each stage of a photograph took.
 *
 * @param number appended to the names, where a request has two photographs: decode1, detect1, …
 */
export function photographStages(
  { timings, queueMs }: Queued<{ readonly timings: PhotographTimings }>,
  number: number | '' = '',
): Record<string, number> {
  const { decodeMs, detectMs, cropMs, embedMs } = timings;
  const stages = { queue: queueMs, decode: decodeMs, detect: detectMs, crop: cropMs, embed: embedMs };
  return Object.fromEntries(
    Object.entries(stages).flatMap(([stage, ms]) => (ms === undefined ? [] : [[`${stage}${number}`, roundMs(ms)]])),
  );
}

/** The value of a Server-Timing header. */
export function serverTiming(stages: Readonly<Record<string, number>>): string {
  return Object.entries(stages)
    .map(([stage, ms]) => `${stage};dur=${ms}`)
    .join(', ');
}
