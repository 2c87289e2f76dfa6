import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { jsonBody } from './support/bodies.js';
import { HOLD } from './support/held-service.js';
import { type Line, logLines } from './support/log-lines.js';
import { readMetrics, total } from './support/metrics.js';
import { askAnew, childrenOf, processesOf, socketsOf } from './support/processes.js';
import { MAIN, photograph, runToExit, Service, spawnOptions } from './support/service.js';

const TWO = { PROCESSES: '2', WORKERS: '2' };

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');
const pair = jsonBody(obama, obama2);

const said = (service: Service, msg: string): Line[] => logLines(service).filter((line) => line['msg'] === msg);

const isReady = async (service: Service): Promise<boolean> => (await askAnew(service, '/health/ready')).status === 200;

/** Waits for a replacement, which has to load the models. */
const becomesReady = (service: Service): Promise<void> =>
  expect.poll(() => isReady(service), { timeout: 30_000 }).toBe(true);

/** Sends comparisons at once, each on its own connection. */
const compareAtOnce = (service: Service, count: number) =>
  Array.from({ length: count }, () => askAnew(service, '/mediapipe', pair));

/** Waits until this many promises have resolved. */
function atLeast<T>(count: number, promises: readonly Promise<T>[]): Promise<T[]> {
  const results: T[] = [];
  return new Promise((resolve) => {
    for (const promise of promises) {
      promise.then(
        (result) => {
          results.push(result);
          if (results.length === count) resolve(results);
        },
        () => undefined,
      );
    }
  });
}

let service: Service;

describe('a service of two processes', () => {
  beforeAll(async () => {
    service = await Service.start(TWO);
  });
  afterAll(() => service.stop());

  it('is ready once, with all of its workers', async () => {
    expect(said(service, 'ready')).toEqual([
      expect.objectContaining({
        pid: service.pid,
        embedder: expect.stringMatching(/, 2 workers in 2 processes$/) as string,
      }),
    ]);
    expect(await askAnew(service, '/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', processes: 2, workers: 2 },
    });
    expect(processesOf(service)).toHaveLength(2);
  });

  it('reports the same from every process: that of the whole service', async () => {
    for (let i = 0; i < 4; i++) {
      const { body } = await askAnew(service, '/');
      expect(body).toMatchObject({ status: 'ok', processes: 2, workers: 2, limits: { max_queue: 256 } });
    }
  });

  it('compares in every process, adds up what they count, and logs which process it was', async () => {
    const before = await readMetrics(service);
    for (const { status, body } of await Promise.all(compareAtOnce(service, 6))) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ match: true });
    }
    const after = await readMetrics(service);
    const grown = (name: string, labels = {}): number => total(after, name, labels) - total(before, name, labels);

    expect(grown('face_comparisons_total', { detector: 'blazeface', match: 'true' })).toBe(6);
    expect(grown('face_stage_duration_seconds_count', { stage: 'embed' })).toBe(12);
    expect(grown('face_http_request_duration_seconds_count', { route: '/mediapipe' })).toBe(6);
    expect(total(after, 'face_workers_ready')).toBe(2);
    expect(total(after, 'face_processes_ready')).toBe(2);
    expect(total(after, 'face_build_info')).toBe(1);
    const compared = (): Line[] => said(service, 'request').filter(({ route }) => route === '/mediapipe');
    await expect.poll(() => compared().length).toBe(6);
    expect(new Set(compared().map(({ pid }) => pid))).toEqual(new Set(processesOf(service)));
  });
});

it('the rate limit counts a caller’s requests in all processes together', async () => {
  service = await Service.start({ ...TWO, RATE_LIMIT_PER_MINUTE: '3' });
  const statuses: number[] = [];
  for (let i = 0; i < 5; i++) statuses.push((await askAnew(service, '/compare', '{}')).status);
  await service.stop();

  expect(statuses).toEqual([400, 400, 400, 429, 429]);
});

describe('a process that dies', () => {
  afterEach(() => service.stop());

  it('takes only its own requests with it, and is replaced', async () => {
    service = await Service.start({ ...TWO, ...HOLD });
    const [victim, survivor] = processesOf(service);
    for (const pid of [victim, survivor]) process.kill(pid, 'SIGUSR2');
    const idle = socketsOf(victim) + socketsOf(survivor);
    const idleVictim = socketsOf(victim);
    const underWay = Promise.allSettled(compareAtOnce(service, 8));
    await expect.poll(() => socketsOf(victim) + socketsOf(survivor)).toBe(idle + 8);
    const atVictim = socketsOf(victim) - idleVictim;
    process.kill(victim, 'SIGKILL');
    process.kill(survivor, 'SIGUSR2');
    const answers = await underWay;

    expect(atVictim).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(atVictim);
    expect(answers.filter((answer) => answer.status === 'fulfilled' && answer.value.status === 200)).toHaveLength(
      8 - atVictim,
    );
    await becomesReady(service);
    expect(processesOf(service)).toHaveLength(2);
    expect(processesOf(service)).not.toContain(victim);
    expect(said(service, 'service process lost')).toEqual([
      expect.objectContaining({
        pid: service.pid,
        process: victim,
        reason: 'it ended with status 137',
        restart_in_ms: 0,
      }),
    ]);
    for (const { status } of await Promise.all(compareAtOnce(service, 4))) expect(status).toBe(200);
  });

  it('also ends the connection that it was being handed', async () => {
    service = await Service.start(TWO);
    const [victim] = processesOf(service);
    process.kill(victim, 'SIGSTOP');
    // One of them is handed to the process that does not take it; the other process takes the rest.
    const requests = Array.from({ length: 4 }, () => askAnew(service, '/mediapipe', '{}'));
    const first3 = await atLeast(3, requests);
    process.kill(victim, 'SIGKILL');

    expect(first3.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect((await Promise.allSettled(requests)).filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });

  it('leaves its counts to the service', async () => {
    service = await Service.start(TWO);
    await Promise.all(compareAtOnce(service, 4));
    const before = total(await readMetrics(service), 'face_comparisons_total');
    process.kill(processesOf(service)[0], 'SIGKILL');
    await expect.poll(async () => total(await readMetrics(service), 'face_process_restarts_total')).toBe(1);
    await becomesReady(service);
    await Promise.all(compareAtOnce(service, 2));

    expect(before).toBe(4);
    expect(total(await readMetrics(service), 'face_comparisons_total')).toBe(6);
  });

  it('and cannot be replaced leaves the others serving; later attempts come later', async () => {
    const models = mkdtempSync(join(tmpdir(), 'models-'));
    for (const file of readdirSync(join(PACKAGE_ROOT, 'models'))) {
      symlinkSync(join(PACKAGE_ROOT, 'models', file), join(models, file));
    }
    service = await Service.start({ ...TWO, MODELS_DIR: models });
    renameSync(join(models, 'onet.onnx'), join(models, 'gone.onnx'));
    process.kill(processesOf(service)[0], 'SIGKILL');
    const lost = (): Line[] => said(service, 'service process lost');
    await expect.poll(() => lost().length, { timeout: 30_000 }).toBe(3);

    expect(lost().map((line) => line['restart_in_ms'])).toEqual([0, 500, 1000]);
    expect(lost()[2]['reason']).toBe(`${join(models, 'onet.onnx')}: the model file is missing or cannot be read`);
    expect(await askAnew(service, '/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'workers missing', processes: 1, workers: 1 },
    });
    expect((await askAnew(service, '/mediapipe', pair)).body).toMatchObject({ match: true });
    renameSync(join(models, 'gone.onnx'), join(models, 'onet.onnx'));
    await becomesReady(service);
    rmSync(models, { recursive: true });
  });
});

describe('stopping several processes', () => {
  it('loses no request: SIGTERM lets all of them finish, and the exit status is 0', async () => {
    service = await Service.start(TWO);
    const underWay = compareAtOnce(service, 12);
    await expect.poll(async () => total(await readMetrics(service), 'face_queue_length')).toBeGreaterThan(10);
    service.process.kill('SIGTERM');
    const exited = once(service.process, 'exit');

    expect((await Promise.all(underWay)).map(({ status }) => status)).toEqual(new Array<number>(12).fill(200));
    expect(await exited).toEqual([0, null]);
    expect(said(service, 'stopped')).toEqual([expect.objectContaining({ pid: service.pid, finished: true })]);
    await expect(service.get('/')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  it('reports not ready in every process during the drain delay, and still answers', async () => {
    service = await Service.start({ ...TWO, DRAIN_DELAY_MS: '3000' });
    service.process.kill('SIGTERM');
    const exited = once(service.process, 'exit');
    await expect.poll(() => isReady(service)).toBe(false);

    for (let i = 0; i < 4; i++) {
      expect((await askAnew(service, '/health/ready')).body).toMatchObject({ status: 'draining' });
    }
    expect((await askAnew(service, '/mediapipe', pair)).status).toBe(200);
    expect(await exited).toEqual([0, null]);
  });

  it('ends with 1 where a request could not be finished in time', async () => {
    service = await Service.start({ ...TWO, ...HOLD, SHUTDOWN_TIMEOUT_MS: '100' });
    const hold = (): void => {
      processesOf(service).forEach((pid) => process.kill(pid, 'SIGUSR2'));
    };
    hold();
    const underWay = Promise.allSettled(compareAtOnce(service, 2));
    // Of each comparison a photograph is with a worker, or both wait behind those of the other.
    await expect.poll(async () => total(await readMetrics(service), 'face_queue_length')).toBeGreaterThan(1);
    const exited = once(service.process, 'exit');
    service.process.kill('SIGTERM');
    const ended = await underWay;
    // Their connections are cut; the workers may go on.
    hold();

    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await exited).toEqual([1, null]);
    expect(said(service, 'stopped')).toEqual([expect.objectContaining({ finished: false })]);
  });

  it('SIGKILL of the primary stops them: they finish their requests, then end', async () => {
    service = await Service.start(TWO);
    const underWay = compareAtOnce(service, 6);
    await expect.poll(async () => total(await readMetrics(service), 'face_queue_length')).toBeGreaterThan(4);
    service.process.kill('SIGKILL');

    expect((await Promise.all(underWay)).map(({ status }) => status)).toEqual(new Array<number>(6).fill(200));
    // They share its output, which is closed when the last of them has ended.
    await once(service.process, 'close');
    await expect(askAnew(service, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

it('SIGTERM ends a service that is still loading, all of its processes', async () => {
  const child = spawn(process.execPath, [MAIN], { ...spawnOptions({ ...TWO, PORT: '0' }), stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => childrenOf(child.pid ?? 0).length).toBe(2);
  child.kill('SIGTERM');

  // They share its output, which is closed when the last of them has ended.
  expect(await once(child, 'close')).toEqual([null, 'SIGTERM']);
  expect(output).toBe('');
});

describe('a start that fails', () => {
  it.each([
    [
      'more processes than workers',
      { PROCESSES: '3', WORKERS: '2' },
      'Bad settings: PROCESSES must be at most 2, the number of workers\n',
    ],
    [
      'no room for a pair of photographs',
      { ...TWO, MAX_QUEUE: '1' },
      'Bad settings: WORKERS=1 and MAX_QUEUE=0 in one of 2 processes leave no room for the two photographs of a comparison; one of them must be higher\n',
    ],
    ['no models', { ...TWO, MODELS_DIR: 'nowhere' }, expect.stringMatching(/^[^\n]*nowhere[^\n]*\n$/) as string],
  ])('says so once, and ends with 1: %s', async (_name, env, output) => {
    expect(await runToExit(env)).toEqual({ code: 1, output });
  });

  it('says so once, and ends with 1: the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, output } = await runToExit({ ...TWO, PORT: String(port) });
    other.close();

    expect(code).toBe(1);
    expect(output).toMatch(/^[^\n]*EADDRINUSE[^\n]*\n$/);
  });
});
