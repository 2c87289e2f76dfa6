import { type ClientRateLimitInfo, MemoryStore, type Options } from 'express-rate-limit';

/** The rate limit counts requests per minute. */
export const RATE_WINDOW_MS = 60_000;

/** Counts a request of a caller. @returns the caller's requests in the current minute, and when it ends */
export type RateCounter = (caller: string) => Promise<ClientRateLimitInfo>;

/** Counts in this process. */
export function countInMemory(): RateCounter {
  const store = new MemoryStore();
  // It reads nothing else.
  store.init({ windowMs: RATE_WINDOW_MS } as Options);
  return (caller) => store.increment(caller);
}
