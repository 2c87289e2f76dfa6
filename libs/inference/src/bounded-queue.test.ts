import { describe, expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue.js';
import { deferred, settled } from './test-support.fixture.js';

const NEVER = new AbortController().signal;

/** A job that the test ends. */
class ManualJob {
  started = false;
  readonly #deferred = deferred<string>();

  readonly run = (): Promise<string> => {
    this.started = true;
    return this.#deferred.promise;
  };

  end(result = 'done'): void {
    this.#deferred.resolve(result);
  }

  fail(error: Error): void {
    this.#deferred.reject(error);
  }
}

const jobs = (count: number): ManualJob[] => Array.from({ length: count }, () => new ManualJob());
const started = (all: readonly ManualJob[]): boolean[] => all.map((job) => job.started);

describe('BoundedQueue', () => {
  it('runs jobs up to the concurrency and starts the rest in order of arrival', async () => {
    const queue = new BoundedQueue(2, 10);
    const all = jobs(4);
    const results = all.map((job) => queue.run(job.run, NEVER));
    expect(started(all)).toEqual([true, true, false, false]);
    expect([queue.running, queue.waiting]).toEqual([2, 2]);

    all[1].end('second');
    expect(await results[1]).toBe('second');
    await settled();
    expect(started(all)).toEqual([true, true, true, false]);
    expect([queue.running, queue.waiting]).toEqual([2, 1]);

    all[0].end('first');
    await results[0];
    await settled();
    expect(started(all)).toEqual([true, true, true, true]);
    all[2].end();
    all[3].end();
    await Promise.all(results);
    await settled();
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('passes an error on and starts the next job', async () => {
    const queue = new BoundedQueue(1, 1);
    const [failing, next] = jobs(2);
    const failure = queue.run(failing.run, NEVER);
    const success = queue.run(next.run, NEVER);
    failing.fail(new Error('broken'));
    await expect(failure).rejects.toThrow('broken');
    await settled();
    expect(next.started).toBe(true);
    next.end();
    expect(await success).toBe('done');
  });

  describe('hasRoomFor', () => {
    it('counts free slots and queue positions together', () => {
      const queue = new BoundedQueue(2, 3);
      expect(queue.hasRoomFor(5)).toBe(true);
      expect(queue.hasRoomFor(6)).toBe(false);
      const all = jobs(3);
      for (const job of all) void queue.run(job.run, NEVER);
      expect([queue.running, queue.waiting]).toEqual([2, 1]);
      expect(queue.hasRoomFor(2)).toBe(true);
      expect(queue.hasRoomFor(3)).toBe(false);
    });

    it('is false if only some of several jobs would fit, and admits none', () => {
      const queue = new BoundedQueue(1, 1);
      void queue.run(new ManualJob().run, NEVER);
      expect(queue.hasRoomFor(1)).toBe(true);
      expect(queue.hasRoomFor(2)).toBe(false);
      expect([queue.running, queue.waiting]).toEqual([1, 0]);
    });

    it('lets no job wait if the limit is 0', () => {
      const queue = new BoundedQueue(1, 0);
      expect(queue.hasRoomFor(1)).toBe(true);
      expect(queue.hasRoomFor(2)).toBe(false);
      void queue.run(new ManualJob().run, NEVER);
      expect(queue.hasRoomFor(1)).toBe(false);
    });
  });

  describe('a signal', () => {
    it('removes a waiting job from the queue', async () => {
      const queue = new BoundedQueue(1, 3);
      const [running, cancelled, last] = jobs(3);
      const controller = new AbortController();
      const result = queue.run(running.run, NEVER);
      const rejected = queue.run(cancelled.run, controller.signal);
      const lastResult = queue.run(last.run, NEVER);
      const reason = new Error('too late');
      controller.abort(reason);
      await expect(rejected).rejects.toBe(reason);
      expect([queue.running, queue.waiting]).toEqual([1, 1]);
      running.end();
      await result;
      await settled();
      expect([cancelled.started, last.started]).toEqual([false, true]);
      last.end();
      await lastResult;
    });

    it('does not affect a running job', async () => {
      const queue = new BoundedQueue(1, 1);
      const job = new ManualJob();
      const controller = new AbortController();
      const result = queue.run(job.run, controller.signal);
      controller.abort(new Error('too late'));
      await settled();
      expect(queue.running).toBe(1);
      job.end('finished all the same');
      expect(await result).toBe('finished all the same');
      await settled();
      expect([queue.running, queue.waiting]).toEqual([0, 0]);
    });

    it('that is already aborted prevents the start', async () => {
      const queue = new BoundedQueue(1, 1);
      const job = new ManualJob();
      const reason = new Error('too late');
      await expect(queue.run(job.run, AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(job.started).toBe(false);
      expect([queue.running, queue.waiting]).toEqual([0, 0]);
    });

    it('cancels all of its waiting jobs', async () => {
      const queue = new BoundedQueue(1, 3);
      const controller = new AbortController();
      const running = new ManualJob();
      const result = queue.run(running.run, NEVER);
      const waiting = jobs(3).map((job) => queue.run(job.run, controller.signal));
      controller.abort(new Error('too late'));
      const outcomes = await Promise.allSettled(waiting);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      expect(queue.waiting).toBe(0);
      running.end();
      await result;
    });
  });
});
