import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MicroBatcher } from './micro-batcher.js';

const LIMITS = { maxItems: 4, maxWaitMs: 10 };

/** A session that doubles numbers, rejects negative ones and takes a fixed time per run. */
class Doubler {
  /** The batches it received. */
  readonly batches: number[][] = [];
  /** When each started, in milliseconds of the fake clock. */
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

/** Submits items at once and advances the clock until all of them are done. */
async function submitAll(batcher: MicroBatcher<number, number>, items: readonly number[]) {
  const results = Promise.allSettled(items.map((item) => batcher.submit(item)));
  await vi.runAllTimersAsync();
  return results;
}

describe('MicroBatcher', () => {
  it('runs concurrent items as one batch and gives each caller its own output', async () => {
    const doubler = new Doubler();
    const results = await submitAll(new MicroBatcher(doubler.run, LIMITS), [3, 1, 2]);
    expect(results.map((result) => result.status === 'fulfilled' && result.value)).toEqual([6, 2, 4]);
    expect(doubler.batches).toEqual([[3, 1, 2]]);
  });

  it('starts a full batch at once, and never exceeds the maximum size', async () => {
    const doubler = new Doubler();
    await submitAll(new MicroBatcher(doubler.run, LIMITS), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(doubler.batches).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
    expect(doubler.startedAt[0]).toBe(0);
  });

  it('lets the first item wait for the maximum time and no longer, whatever arrives later', async () => {
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

  it('collects items during a run and starts them when it ends, if they have waited long enough', async () => {
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

  it('lets items that arrive shortly before a run ends wait for others, counted from their arrival', async () => {
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

  it('fails only the bad item, with its own error', async () => {
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

  it('runs a lone bad item only once, and continues after it', async () => {
    const doubler = new Doubler();
    const batcher = new MicroBatcher(doubler.run, LIMITS);
    const [bad] = await submitAll(batcher, [-1]);
    const [good] = await submitAll(batcher, [1]);
    expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
    expect(doubler.batches).toEqual([[-1], [1]]);
  });

  it('rejects a batch with the wrong number of outputs', async () => {
    const [result] = await submitAll(new MicroBatcher(() => Promise.resolve<number[]>([]), LIMITS), [1]);
    expect(result).toEqual({
      status: 'rejected',
      reason: new RangeError('expected 1 outputs of the batch but received 0'),
    });
  });

  it('leaves no timer once every caller has its output', async () => {
    await submitAll(new MicroBatcher(new Doubler().run, LIMITS), [1, 2, 3, 4, 5]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
