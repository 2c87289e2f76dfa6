import { setTimeout as delay } from 'node:timers/promises';
import { COMPARISON_PATHS } from '../apps/api/src/comparison/comparison-paths.js';
import { get, post, RawCaller } from '../test/support/raw-caller.js';
import type { Random } from './fuzz/random.js';

/** Number of concurrent callers. */
const CALLERS = 3;

/** How long each stays, in milliseconds, at most. */
const STAY_MS = 400;

const UNREAD = ['/openapi.json', '/docs/swagger-ui-bundle.js', '/'];

/**
 * Hostile callers, alongside the honest ones: pipelines, unread responses, bodies that never arrive, and callers that
 * disconnect or close their side at any point.
 *
 * @returns a function that stops them and returns how many there were
 */
export function hostileCallers(url: string, bodies: readonly Buffer[], random: Random): () => Promise<number> {
  let going = true;
  let count = 0;
  const again = async (): Promise<void> => {
    while (going) {
      count++;
      const caller = await RawCaller.connect(url);
      act(caller, bodies, random);
      await delay(random.below(STAY_MS));
      caller.leave();
    }
  };
  const callers = Promise.all(Array.from({ length: CALLERS }, again));
  return async () => {
    going = false;
    await callers;
    return count;
  };
}

function act(caller: RawCaller, bodies: readonly Buffer[], random: Random): void {
  const comparison = post(random.pick(Object.values(COMPARISON_PATHS)), random.pick(bodies));
  const act = random.pick([
    () => caller.write(get(random.pick(UNREAD)).repeat(random.between(1, 64))),
    () => caller.write(get(random.pick(UNREAD)).repeat(random.between(65, 2000))),
    () => caller.write(get('/').repeat(20), comparison, comparison, post('/compare')),
    () => caller.read().write(comparison, get('/nothing'), post('/compare', '{}')),
    () => caller.write(post('/compare', '', { 'content-length': '1000000' })),
    () => caller.write(comparison.subarray(0, random.below(comparison.length))),
    () => caller.write(comparison),
    () => caller.read().socket.end(comparison),
    () => caller.socket.end(comparison.subarray(0, random.below(comparison.length))),
    () => caller.write('POST /compare HTTP/1.1\r\nHost: x\r\n'),
    () => caller.write(post('/compare', '', { expect: '100-continue', 'content-length': '1000' })),
  ]);
  act();
}
