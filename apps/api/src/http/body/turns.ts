import { setImmediate } from 'node:timers/promises';

/** The turn requested last. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Waits for a turn at work that would block the event loop. Each iteration of the loop grants one turn, in the order of
 * the requests.
 */
export const nextTurn = (): Promise<unknown> => (last = last.then(() => setImmediate()));
