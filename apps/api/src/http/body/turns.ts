import { setImmediate } from 'node:timers/promises';

/** The turn that was given out last. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Waits for a turn at work that would hold the event loop up: however many ask for one, each pass of the loop has a single
 * one, in the order in which they were asked for.
 */
export const nextTurn = (): Promise<unknown> => (last = last.then(() => setImmediate()));
