import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceError } from './inference-error.js';
import { InferencePool, type InferencePoolOptions, type TaskResult } from './inference-pool.js';
import type { Task } from './task.js';
import { deferred, scriptedWorkers, settled, testWorker } from './test-support.fixture.js';

const NEVER = new AbortController().signal;

/** The path of a file that does not exist at first; while it does, scripted workers fail to load. */
const obstacle = join(mkdtempSync(join(tmpdir(), 'pool-')), 'obstacle');

const pools: InferencePool[] = [];

async function start(options: Partial<InferencePoolOptions> = {}): Promise<InferencePool> {
  const pool = await InferencePool.start({
    workers: 1,
    maxQueue: 8,
    startTimeoutMs: 30_000,
    stuckAfterMs: 60_000,
    ...scriptedWorkers(obstacle),
    ...options,
  });
  pools.push(pool);
  return pool;
}

/** Records the scripted workers' events and releases held workers. */
class Script {
  readonly #seen: string[] = [];
  readonly #waiters: { readonly event: string; readonly resolve: () => void }[] = [];
  readonly #events = new BroadcastChannel('scripted-worker');
  readonly #release = new BroadcastChannel('scripted-worker:release');

  constructor() {
    this.#events.onmessage = ({ data }: { data: unknown }) => {
      this.#seen.push(String(data));
      for (const { event, resolve } of this.#waiters) if (event === data) resolve();
    };
  }

  get seen(): readonly string[] {
    return this.#seen;
  }

  /** Resolves once a worker has reported the event. */
  event(event: string): Promise<void> {
    if (this.#seen.includes(event)) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ event, resolve }));
  }

  release(task: string): void {
    this.#release.postMessage(task);
  }

  close(): void {
    this.#events.close();
    this.#release.close();
  }
}

let script: Script;

beforeEach(() => {
  script = new Script();
});

afterEach(async () => {
  script.close();
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

afterAll(() => rm(dirname(obstacle), { recursive: true }));

/** Ignored by scripted workers. */
const TASK: Task<'analyse'> = {
  kind: 'analyse',
  query: { detector: 'mtcnn', selection: 'largest', minConfidence: 0 },
};

/** A photograph that tells a scripted worker what to do, long enough to own its buffer. */
const photograph = (task: string, length = 10_000): Uint8Array => {
  const bytes = new Uint8Array(length).fill(32);
  bytes.set(new TextEncoder().encode(task));
  return bytes;
};

const analyse = (pool: InferencePool, tasks: readonly string[], signal = NEVER): Promise<TaskResult<'analyse'>[]> =>
  pool.run(
    tasks.map((task) => photograph(task)),
    TASK,
    signal,
  );

/** The thread that analysed a photograph, as reported by the scripted worker. */
function threadOf(reply: TaskResult<'analyse'>): number {
  if (reply.status !== 'done') throw new Error('expected an analysis');
  return reply.result.facesFound;
}

/** The InferenceError a promise rejects with. */
async function failure(promise: Promise<unknown>): Promise<InferenceError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InferenceError)) throw new Error(`expected an InferenceError but received ${String(error)}`);
  return error;
}

describe('start', () => {
  it('waits for every worker', async () => {
    const gate = new BroadcastChannel('gated-worker');
    const loading: number[] = [];
    const allLoading = deferred<undefined>();
    const firstLoaded = deferred<undefined>();
    gate.onmessage = ({ data }: { data: { loading?: number; loaded?: number } }) => {
      if (data.loading !== undefined && loading.push(data.loading) === 2) allLoading.resolve(undefined);
      if (data.loaded === loading[0]) firstLoaded.resolve(undefined);
    };
    let ready = false;
    const starting = start({ workers: 2, workerFile: testWorker('gated-worker') }).then((pool) => {
      ready = true;
      return pool;
    });
    await allLoading.promise;
    gate.postMessage(loading[0]);
    await firstLoaded.promise;
    await settled();
    expect(ready).toBe(false);
    gate.postMessage(loading[1]);
    expect((await starting).readyWorkers).toBe(2);
    gate.close();
  });

  it.each([1, 2, 4])('fails with the reason if %d of the workers fail to load', async (workers) => {
    const error = await failure(start({ workers, workerFile: testWorker('failing-worker') }));
    expect(error.code).toBe('INTERNAL');
    expect(error.message).toContain('broken.onnx: expected a tensor');
  });

  it('fails if the worker file is missing', async () => {
    const error = await failure(start({ workerFile: testWorker('no-such-worker') }));
    expect(error.code).toBe('INTERNAL');
    expect(error.message).toContain('no-such-worker');
  });

  it('fails if a worker is not ready in time', async () => {
    const error = await failure(start({ workerFile: testWorker('stuck-worker'), startTimeoutMs: 200 }));
    expect(error.code).toBe('INTERNAL');
    expect(error.message).toContain('200 ms');
  });
});

describe('analyse', () => {
  it('returns the results in the order of the photographs, whichever finishes first', async () => {
    const pool = await start({ workers: 2 });
    const results = pool.run([photograph('hold', 10_001), photograph('quick', 10_002)], TASK, NEVER);
    await Promise.all([script.event('ended quick'), script.event('started hold')]);
    script.release('hold');
    const sizes = (await results).map((done) => done.status === 'done' && done.result.image.width);
    expect(sizes).toEqual([10_001, 10_002]);
    await script.event('ended hold');
    expect(script.seen.indexOf('ended quick')).toBeLessThan(script.seen.indexOf('ended hold'));
  });

  it('returns the failure of one photograph as data, along with the other results', async () => {
    const pool = await start();
    const [rejected, analysed] = await analyse(pool, ['reject', 'analyse']);
    expect(rejected).toMatchObject({
      status: 'rejected',
      failure: { code: 'NO_FACE', reason: 'shows no face' },
    });
    expect(analysed.status).toBe('done');
  });

  it('reports how long each photograph waited', async () => {
    const pool = await start();
    const results = analyse(pool, ['hold', 'after it']);
    await script.event('started hold');
    script.release('hold');
    const [first, second] = await results;
    expect(first.queueMs).toBeGreaterThanOrEqual(0);
    expect(second.queueMs).toBeGreaterThan(first.queueMs);
  });

  it('fails with INTERNAL on a bug in a worker, and keeps the worker', async () => {
    const pool = await start();
    const [before] = await analyse(pool, ['analyse']);
    const error = await failure(analyse(pool, ['crash']));
    expect(error).toMatchObject({ code: 'INTERNAL', message: 'Error: a bug' });
    const [after] = await analyse(pool, ['analyse']);
    expect(threadOf(after)).toBe(threadOf(before));
  });
});

describe('a full queue', () => {
  it('rejects immediately, while others run and wait', async () => {
    const pool = await start({ maxQueue: 1 });
    const running = analyse(pool, ['hold']);
    const waiting = analyse(pool, ['waits']);
    await script.event('started hold');
    expect(pool.queueLength).toBe(1);
    expect((await failure(analyse(pool, ['too many']))).code).toBe('OVERLOADED');
    script.release('hold');
    await Promise.all([running, waiting]);
    expect((await analyse(pool, ['later']))[0].status).toBe('done');
    await script.event('ended later');
    expect(script.seen).not.toContain('started too many');
  });

  it('admits all photographs of a request or none', async () => {
    const pool = await start({ maxQueue: 1 });
    const request = ['one', 'two', 'three'];
    expect((await failure(analyse(pool, request))).code).toBe('OVERLOADED');
    expect(pool.queueLength).toBe(0);
    await analyse(pool, ['four', 'five']);
    await script.event('ended five');
    expect(script.seen.filter((event) => event.startsWith('started'))).toEqual(['started four', 'started five']);
  });

  it('does not transfer the bytes of a rejected photograph', async () => {
    const pool = await start({ maxQueue: 0 });
    const refused = [photograph('one'), photograph('two')];
    await failure(pool.run(refused, TASK, NEVER));
    expect(refused.map(({ byteLength }) => byteLength)).toEqual([10_000, 10_000]);
  });
});

describe('a signal', () => {
  it('removes a waiting photograph from the queue while the running one continues', async () => {
    const pool = await start({ maxQueue: 1 });
    const running = analyse(pool, ['hold']);
    await script.event('started hold');
    const controller = new AbortController();
    const waiting = analyse(pool, ['waits'], controller.signal);
    expect(pool.queueLength).toBe(1);
    const reason = new InferenceError('DEADLINE_EXCEEDED', 'too late');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(pool.queueLength).toBe(0);
    const next = analyse(pool, ['next']);
    script.release('hold');
    expect((await running)[0].status).toBe('done');
    expect((await next)[0].status).toBe('done');
    await script.event('ended next');
    expect(script.seen).not.toContain('started waits');
  });

  it('rejects at once for a running photograph, which its worker abandons for the next', async () => {
    const pool = await start();
    const [before] = await analyse(pool, ['before']);
    const controller = new AbortController();
    const running = analyse(pool, ['hold'], controller.signal);
    await script.event('started hold');
    const reason = new InferenceError('CANCELLED', 'the client is gone');
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(script.seen).not.toContain('abandoned hold');
    const expectedBefore = pool.expectedMs(1, 0);
    const next = analyse(pool, ['next']);
    script.release('hold');
    const [after] = await next;
    await script.event('ended next');
    expect(script.seen).toContain('abandoned hold');
    expect(script.seen).not.toContain('abandoned next');
    // The time it was held does not count.
    expect(pool.expectedMs(1, 0)).toBeLessThan(expectedBefore + 50);
    expect(threadOf(after)).toBe(threadOf(before));
    expect(pool.readyWorkers).toBe(1);
  });

  it('that is already aborted starts nothing', async () => {
    const pool = await start();
    const reason = new InferenceError('CANCELLED', 'the client is gone');
    await expect(analyse(pool, ['gone'], AbortSignal.abort(reason))).rejects.toBe(reason);
    await analyse(pool, ['next']);
    await script.event('ended next');
    expect(script.seen).not.toContain('started gone');
  });
});

describe('bytes', () => {
  it('are transferred, which empties the sender’s buffer', async () => {
    const pool = await start();
    const bytes = photograph('analyse', 200_000);
    const [result] = await pool.run([bytes], TASK, NEVER);
    expect(bytes.byteLength).toBe(0);
    expect(result).toMatchObject({ status: 'done', result: { image: { width: 200_000, height: 200_000 } } });
  });

  it('of a small Buffer are copied, without transferring its pool', async () => {
    const pool = await start();
    const neighbour = Buffer.from('a neighbour in the pool');
    const small = Buffer.from('analyse');
    expect(small.buffer).toBe(neighbour.buffer);
    const [result] = await pool.run([small], TASK, NEVER);
    expect(result).toMatchObject({ status: 'done', result: { image: { width: 7, height: 7 } } });
    expect(neighbour.toString()).toBe('a neighbour in the pool');
    expect(small.toString()).toBe('analyse');
  });
});

describe('a worker that dies', () => {
  it('fails its own request with WORKER_LOST, while the others complete', async () => {
    const trouble: Error[] = [];
    const pool = await start({ workers: 2, onError: (error) => trouble.push(error) });
    const other = analyse(pool, ['hold']);
    await script.event('started hold');
    expect((await failure(analyse(pool, ['exit']))).code).toBe('WORKER_LOST');
    script.release('hold');
    expect((await other)[0].status).toBe('done');
    expect(pool.workerDeaths).toBe(1);
    expect(trouble.map(({ message }) => message)).toEqual(['a worker has died']);
  });

  it('leaves no waiting photograph pending', async () => {
    const pool = await start();
    const requests = ['exit', 'first', 'second'].map((task) => analyse(pool, [task]));
    for (const request of await Promise.allSettled(requests)) {
      if (request.status === 'rejected') expect(request.reason).toMatchObject({ code: 'WORKER_LOST' });
      else expect(request.value[0].status).toBe('done');
    }
    expect(pool.queueLength).toBe(0);
  });

  it('is replaced, each time', async () => {
    const pool = await start();
    const threads = new Set<number>();
    for (let round = 1; round <= 3; round++) {
      const [result] = await analyse(pool, ['analyse']);
      threads.add(threadOf(result));
      expect((await failure(analyse(pool, ['exit']))).code).toBe('WORKER_LOST');
      expect(pool.healthy).toBe(false);
      await expect.poll(() => pool.readyWorkers, { timeout: 10_000 }).toBe(1);
      expect(pool.workerDeaths).toBe(round);
    }
    expect(threads.size).toBe(3);
    expect(pool.healthy).toBe(true);
  });

  it('makes the pool unhealthy if it happens repeatedly, though it still works', async () => {
    const pool = await start();
    for (let round = 0; round < 5; round++) {
      await failure(analyse(pool, ['exit']));
      await expect.poll(() => pool.readyWorkers, { timeout: 10_000 }).toBe(1);
    }
    expect(pool.healthy).toBe(false);
    expect((await analyse(pool, ['analyse']))[0].status).toBe('done');
  });

  it('and whose replacement fails to load is replaced once loading works again', async () => {
    const trouble: Error[] = [];
    const pool = await start({ onError: (error) => trouble.push(error) });
    await writeFile(obstacle, '');
    await failure(analyse(pool, ['exit']));
    await expect
      .poll(() => trouble.some(({ message }) => message.includes('obstacle')), { timeout: 10_000 })
      .toBe(true);
    expect(pool.healthy).toBe(false);
    await rm(obstacle);
    await expect.poll(() => pool.readyWorkers, { timeout: 20_000 }).toBe(1);
    expect((await analyse(pool, ['analyse']))[0].status).toBe('done');
    expect(pool.workerDeaths).toBe(1);
  });

  it('and whose replacement fails to load does not affect photographs on other workers', async () => {
    const pool = await start({ workers: 2 });
    const held = analyse(pool, ['hold']);
    await script.event('started hold');
    await writeFile(obstacle, '');
    await failure(analyse(pool, ['exit']));
    await expect.poll(() => pool.restarting, { timeout: 10_000 }).toBe(true);
    await rm(obstacle);
    await expect.poll(() => pool.readyWorkers, { timeout: 20_000 }).toBe(2);
    script.release('hold');
    expect((await held)[0].status).toBe('done');
    await expect.poll(() => pool.restarting).toBe(false);
  });
});

describe('a worker that hangs', () => {
  it('is distinguished from a working one', async () => {
    const pool = await start({ workers: 2, stuckAfterMs: 1 });
    expect(pool.stuck).toBe(false);
    const held = analyse(pool, ['hold']);
    await script.event('started hold');
    await expect.poll(() => pool.stuck).toBe(true);
    script.release('hold');
    await held;
    expect(pool.stuck).toBe(false);
  });

  it('is not assumed before the time limit', async () => {
    const pool = await start();
    const held = analyse(pool, ['hold']);
    await script.event('started hold');
    expect(pool.stuck).toBe(false);
    script.release('hold');
    await held;
  });
});

describe('close', () => {
  it('waits for the running photograph', async () => {
    const pool = await start();
    const running = analyse(pool, ['hold']);
    await script.event('started hold');
    const closing = pool.close();
    script.release('hold');
    expect((await running)[0].status).toBe('done');
    await closing;
    expect(pool.readyWorkers).toBe(0);
    expect(pool.healthy).toBe(false);
    expect(pool.workerDeaths).toBe(0);
  });

  it('waits for every one of several', async () => {
    const pool = await start({ workers: 2 });
    const running = [analyse(pool, ['hold one']), analyse(pool, ['hold two'])];
    await Promise.all([script.event('started hold one'), script.event('started hold two')]);
    const closing = pool.close();
    script.release('hold one');
    expect((await running[0])[0].status).toBe('done');
    script.release('hold two');
    expect((await running[1])[0].status).toBe('done');
    await closing;
  });

  it('rejects photographs from then on', async () => {
    const pool = await start();
    await pool.close();
    await expect(analyse(pool, ['late'])).rejects.toBeInstanceOf(InferenceError);
  });
});
