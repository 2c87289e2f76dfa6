import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MicroBatcher } from './micro-batcher.js';

const LIMITS = { maxItems: 4, maxWaitMs: 10 };

/** A session that doubles numbers, refuses negative ones and takes a set time for each run. */
class Doubler {
  /** The batches it was given. */
  readonly batches: number[][] = [];
  /** When each began, in milliseconds of the fake clock. */
  readonly startedAt: number[] = [];
  #running = 0;

  constructor(private readonly runMs = 0) {}

  readonly run = async (items: readonly number[]): Promise<number[]> => {
    expect(++this.#running).toBe(1);
    this.batches.push([...items]);
    this.startedAt.push(performance.now());
    await new Promise((resolve) => setTimeout(resolve, this.runMs));
    this.#running--;
    const bad = items.find((item) => item < 0);
    if (bad !== undefined) throw new RangeError(`${bad} is negative`);
    return items.map((item) => 2 * item);
  };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Submits items at once and lets the clock run until all of them are done. */
async function submitAll(batcher: MicroBatcher<number, number>, items: readonly number[]) {
  const results = Promise.allSettled(items.map((item) => batcher.submit(item)));
  await vi.runAllTimersAsync();
  return results;
}

describe('MicroBatcher', () => {
  it('runs what comes together as one batch and gives each caller its own output', async () => {
    const doubler = new Doubler();
    const results = await submitAll(new MicroBatcher(doubler.run, LIMITS), [3, 1, 2]);
    expect(results.map((result) => result.status === 'fulfilled' && result.value)).toEqual([6, 2, 4]);
    expect(doubler.batches).toEqual([[3, 1, 2]]);
  });

  it('starts a full batch at once, and puts no more into one than it may', async () => {
    const doubler = new Doubler();
    await submitAll(new MicroBatcher(doubler.run, LIMITS), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(doubler.batches).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
    expect(doubler.startedAt[0]).toBe(0);
  });

  it('lets the first item wait for as long as it may and no longer, whoever comes later', async () => {
    const doubler = new Doubler();
    const batcher = new MicroBatcher(doubler.run, LIMITS);
    const first = batcher.submit(1);
    await vi.advanceTimersByTimeAsync(9);
    const second = batcher.submit(2);
    expect(doubler.batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(doubler.batches).toEqual([[1, 2]]);
    await vi.runAllTimersAsync();
    expect(await Promise.all([first, second])).toEqual([2, 4]);
  });

  it('collects what comes during a run and starts it as soon as the run ends, if its time is over', async () => {
    const doubler = new Doubler(50);
    const batcher = new MicroBatcher(doubler.run, LIMITS);
    const first = batcher.submit(1);
    await vi.advanceTimersByTimeAsync(11);
    const others = [2, 3].map((item) => batcher.submit(item));
    await vi.runAllTimersAsync();
    expect(await Promise.all([first, ...others])).toEqual([2, 4, 6]);
    expect(doubler.batches).toEqual([[1], [2, 3]]);
    expect(doubler.startedAt).toEqual([10, 60]);
  });

  it('lets what comes shortly before a run ends wait for company, counted from when it came', async () => {
    const doubler = new Doubler(50);
    const batcher = new MicroBatcher(doubler.run, LIMITS);
    const first = batcher.submit(1);
    await vi.advanceTimersByTimeAsync(57);
    const second = batcher.submit(2);
    await vi.advanceTimersByTimeAsync(6);
    const third = batcher.submit(3);
    await vi.runAllTimersAsync();
    expect(await Promise.all([first, second, third])).toEqual([2, 4, 6]);
    expect(doubler.batches).toEqual([[1], [2, 3]]);
    expect(doubler.startedAt).toEqual([10, 67]);
  });

  it('lets a bad item fail alone, with its own error', async () => {
    const doubler = new Doubler();
    const results = await submitAll(new MicroBatcher(doubler.run, LIMITS), [1, -2, 3, -4]);
    expect(results).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'rejected', reason: new RangeError('-2 is negative') },
      { status: 'fulfilled', value: 6 },
      { status: 'rejected', reason: new RangeError('-4 is negative') },
    ]);
    expect(doubler.batches).toEqual([[1, -2, 3, -4], [1], [-2], [3], [-4]]);
  });

  it('runs a bad item that came alone only once, and goes on after it', async () => {
    const doubler = new Doubler();
    const batcher = new MicroBatcher(doubler.run, LIMITS);
    const [bad] = await submitAll(batcher, [-1]);
    const [good] = await submitAll(batcher, [1]);
    expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
    expect(doubler.batches).toEqual([[-1], [1]]);
  });

  it('refuses a batch that gives another number of outputs', async () => {
    const [result] = await submitAll(new MicroBatcher(() => Promise.resolve<number[]>([]), LIMITS), [1]);
    expect(result).toEqual({
      status: 'rejected',
      reason: new RangeError('expected 1 outputs of the batch but received 0'),
    });
  });

  it('has no timer left once everybody has an answer', async () => {
    await submitAll(new MicroBatcher(new Doubler().run, LIMITS), [1, 2, 3, 4, 5]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
