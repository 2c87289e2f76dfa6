import { type ClientRateLimitInfo, MemoryStore, type Options } from 'express-rate-limit';

/** The rate limit counts requests per minute. */
export const RATE_WINDOW_MS = 60_000;

/** A caller's requests in the current minute. */
export interface RateCount {
  readonly hits: number;
  /** When the minute ends, in milliseconds since 1970. */
  readonly resetAt: number;
}

/** Counts a request of a caller. */
export type RateCounter = (caller: string) => Promise<RateCount>;

/** Counts in this process. */
export function countInMemory(): RateCounter {
  const store = new MemoryStore();
  // It reads nothing else.
  store.init({ windowMs: RATE_WINDOW_MS } as Options);
  return async (caller) => {
    const { totalHits, resetTime }: ClientRateLimitInfo = await store.increment(caller);
    return { hits: totalHits, resetAt: resetTime?.getTime() ?? Date.now() + RATE_WINDOW_MS };
  };
}
