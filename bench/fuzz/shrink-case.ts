import { createHash } from 'node:crypto';
import { asyncProperty, check, interruptAfterTimeLimit } from 'fast-check';
import type { FuzzCase } from './case.js';
import { CHOICES, drawing, drawnCase } from './make-case.js';
import type { Source } from './photographs.js';

/** A case that fails, and why. */
export interface Failing {
  readonly fuzzCase: FuzzCase;
  readonly reason: string;
}

/**
 * Searches for the simplest case, derived from this one, that still fails: less damage, or damage nearer to the start.
 *
 * @param judge says what is wrong with the response to a case, if anything
 * @param timeLimitMs after which the simplest so far is returned, in milliseconds
 * @returns undefined if the case itself no longer fails
 */
export async function shrinkCase(
  { seed, number, sources }: { readonly seed: number; readonly number: number; readonly sources: readonly Source[] },
  judge: (fuzzCase: FuzzCase) => Promise<string | undefined>,
  timeLimitMs: number,
): Promise<Failing | undefined> {
  let plainest: Failing | undefined;
  // Different choices often make the same case.
  const judged = new Map<string, string | undefined>();
  const property = asyncProperty(CHOICES, async (draw) => {
    const fuzzCase = drawnCase(draw, sources);
    const digest = digestOf(fuzzCase);
    if (!judged.has(digest)) judged.set(digest, await judge(fuzzCase));
    const reason = judged.get(digest);
    // fast-check continues from the last failure.
    if (reason !== undefined) plainest = { fuzzCase, reason };
    return reason === undefined;
  });
  await check(property, { ...drawing(seed, number), plugins: [interruptAfterTimeLimit(timeLimitMs)] });
  return plainest;
}

const digestOf = ({ path, headers, body }: FuzzCase): string =>
  createHash('sha256').update(JSON.stringify({ path, headers })).update(body).digest('base64');
