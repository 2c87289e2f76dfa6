import { FaceComparisonError } from './error.js';

/** How often, and for how long, requests are repeated. */
export interface RetryPolicy {
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** No attempt begins later than this after the first, in milliseconds. */
  readonly maxRetryTimeMs: number;
}

/** The first wait without a Retry-After, in milliseconds; it doubles with each attempt. */
const FIRST_WAIT_MS = 1_000;

/** Up to this share of a wait is added at random, so that many clients do not come back together. */
const JITTER = 0.5;

/** Timers of a longer time, in milliseconds, end at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The photograph may be what kills the worker. */
const MAX_LOST_WORKERS = 2;

/**
 * Repeats a request while it fails for a reason that passes.
 *
 * @param attempt sends the request
 * @param signal ends a wait
 * @throws what the last attempt throws, or the reason of the signal
 */
export async function withRetries<Answer>(
  attempt: () => Promise<Answer>,
  { maxRetries, maxRetryTimeMs }: RetryPolicy,
  signal?: AbortSignal,
): Promise<Answer> {
  const started = performance.now();
  let lostWorkers = 0;
  for (let retry = 0; ; retry++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof FaceComparisonError) || !error.isTransient || retry >= maxRetries) throw error;
      if (error.code === 'WORKER_LOST' && ++lostWorkers > MAX_LOST_WORKERS) throw error;
      const waitMs = waitBefore(retry, error.retryAfterMs);
      if (waitMs > LONGEST_TIMER_MS || performance.now() - started + waitMs > maxRetryTimeMs) throw error;
      await sleep(waitMs, signal);
    }
  }
}

/**
 * How long to wait before a retry, in milliseconds.
 *
 * @param retry 0 for the first
 */
export function waitBefore(retry: number, retryAfterMs = 0, random = Math.random()): number {
  return Math.max(retryAfterMs, FIRST_WAIT_MS * 2 ** retry) * (1 + JITTER * random);
}

/** @throws the reason of the signal, as soon as it is aborted */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      // Callers may abort with any value, as for fetch.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
