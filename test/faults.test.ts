import { mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { HOLD, hold } from './support/held-service.js';
import { readMetrics, total } from './support/metrics.js';
import { photograph, runToExit, Service } from './support/service.js';

const obama = photograph('obama.jpg').toString('base64');
const obama2 = photograph('obama2.jpg').toString('base64');
const BODY = JSON.stringify({ image1_base64: obama, image2_base64: obama2 });

interface Verdict {
  readonly status: number;
  readonly code?: string;
  readonly match?: boolean;
  readonly retryAfter: string | null;
}

async function compare(url: string, signal: AbortSignal | null = null, path = '/mediapipe'): Promise<Verdict> {
  const response = await fetch(url + path, {
    method: 'POST',
    body: BODY,
    headers: { 'content-type': 'application/json' },
    signal,
  });
  const body = (await response.json()) as { code?: string; match?: boolean };
  return { ...body, status: response.status, retryAfter: response.headers.get('retry-after') };
}

/** Waits until a condition holds; fails the test after ten seconds. */
async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  await expect.poll(condition, { timeout: 10_000, interval: 50 }).toBe(true);
}

const isReady = async (url: string): Promise<boolean> => (await fetch(`${url}/health/ready`)).ok;

describe('workers that die', () => {
  const FAULTS = { NODE_OPTIONS: `--import=${join(PACKAGE_ROOT, 'test/support/faults.mjs')}` };
  const readyWorkers = async (): Promise<unknown> => (await service.get('/')).body['workers'];
  const restarts = async (): Promise<number> => total(await readMetrics(service), 'face_worker_restarts_total');

  let service: Service;
  afterEach(() => service.stop());

  it('by exit, exception or lack of memory are replaced under load, and only their own photographs are lost', async () => {
    service = await Service.start({ ...FAULTS, WORKERS: '2' });
    const kills = 3;
    let killing = true;
    const answers: Verdict[] = [];
    const client = async (): Promise<void> => {
      while (killing) answers.push(await compare(service.url));
    };
    const clients = Promise.all(Array.from({ length: 6 }, client));
    for (let killed = 1; killed <= kills; killed++) {
      service.process.kill('SIGUSR2');
      await until(async () => (await restarts()) === killed && (await readyWorkers()) === 2);
    }
    killing = false;
    await clients;

    const failed = answers.filter(({ status }) => status !== 200);
    expect(answers.filter(({ status }) => status === 200).every(({ match }) => match)).toBe(true);
    expect(failed.length).toBeLessThanOrEqual(kills);
    for (const answer of failed) expect(answer).toMatchObject({ status: 503, code: 'WORKER_LOST', retryAfter: '1' });
    expect(await isReady(service.url)).toBe(true);
    expect(await compare(service.url)).toMatchObject({ status: 200, match: true });
  });

  it('repeatedly make the service report not ready, while it still serves what it can', async () => {
    service = await Service.start({ ...FAULTS, WORKERS: '1' });
    let killing = true;
    const client = async (): Promise<void> => {
      while (killing) await compare(service.url);
    };
    const busy = client();
    for (let killed = 1; killed <= 5; killed++) {
      service.process.kill('SIGUSR2');
      await until(async () => (await restarts()) === killed && (await readyWorkers()) === 1);
    }
    killing = false;
    await busy;

    expect(await isReady(service.url)).toBe(false);
    expect(await compare(service.url)).toMatchObject({ status: 200, match: true });
  });
});

describe('a failing start', () => {
  /** The models folder with one file replaced. */
  function modelsWith(file: string, content: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'models-'));
    const models = join(PACKAGE_ROOT, 'models');
    for (const name of readdirSync(models)) if (name !== file) symlinkSync(join(models, name), join(folder, name));
    writeFileSync(join(folder, file), content);
    return folder;
  }

  it.each([
    ['no models', () => ({ MODELS_DIR: '/nowhere' }), /manifest\.json: cannot be read as a model manifest/],
    [
      'a manifest without an entry for a model',
      () => ({ MODELS_DIR: modelsWith('manifest.json', '{"models": [null]}') }),
      /manifest\.json: cannot be read as a model manifest: models\[0\] must be an object$/,
    ],
    [
      'a damaged model',
      () => ({ MODELS_DIR: modelsWith('rnet.onnx', 'x') }),
      /rnet\.onnx: the file does not match the manifest/,
    ],
    ['unknown weights', () => ({ EMBEDDER_WEIGHTS: 'mine' }), /no embedder with mine weights/],
    ['a bad setting', () => ({ PORT: 'eighty' }), /^Bad settings: PORT/],
    ['keys without any key', () => ({ API_KEYS: ',' }), /^Bad settings: API_KEYS/],
    [
      'too few slots for two photographs',
      () => ({ WORKERS: '1', MAX_QUEUE: '0', EXECUTION_PROVIDER: 'cpu' }),
      /^Bad settings: WORKERS=1 and MAX_QUEUE=0 leave no room for the two photographs/,
    ],
    [
      'too few slots for other products',
      () => ({ WORKERS: '1', MAX_QUEUE: '1', EXECUTION_PROVIDER: 'cpu', COMPATIBILITY: 'deepface' }),
      /^Bad settings: WORKERS=1 and MAX_QUEUE=1 leave no room for a comparison as COMPATIBILITY has it/,
    ],
  ])('%s: the process says why in one line and exits with 1', async (_name, env, message) => {
    const { code, output } = await runToExit(env());

    expect(output.trim()).toMatch(message);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  it.each([
    ['two workers', { WORKERS: '2', MAX_QUEUE: '0' }],
    ['a worker that takes two photographs at a time', { WORKERS: '1', MAX_QUEUE: '0', BATCH_MAX_FACES: '2' }],
    ['a queue of one', { WORKERS: '1', MAX_QUEUE: '1' }],
  ])('%s: just enough for a comparison, which succeeds', async (_name, env) => {
    const service = await Service.start({ ...env, EXECUTION_PROVIDER: 'cpu' });
    const answer = await compare(service.url);
    await service.stop();

    expect(answer).toMatchObject({ status: 200, match: true });
  });

  it('a model that the manifest lists but no worker can load: one line and exit status 1', async () => {
    const sha256 = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'; // of the letter x
    const manifest = {
      models: [
        {
          name: 'broken',
          role: 'embedder',
          file: 'broken.onnx',
          sha256,
          weights: 'none',
          weights_id: 'broken',
          crop_rule: 'square',
          threshold: 0.6,
          normalisation: { mean: 127.5, divisor: 128 },
          inputs: [{ shape: ['N', 3, 160, 160] }],
          outputs: [{ shape: ['N', 512] }],
          licence: 'none',
          precision: 'fp32',
          origin: {},
        },
      ],
    };
    const folder = modelsWith('broken.onnx', 'x');
    writeFileSync(join(folder, 'manifest.local.json'), JSON.stringify(manifest));
    const env = { MODELS_DIR: folder, EMBEDDER_WEIGHTS: 'broken', EMBEDDER_PRECISION: 'fp32' };
    const { code, output } = await runToExit(env);

    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toContain('a worker failed to load');
    expect(code).toBe(1);
  });
});

describe('overload', () => {
  let service: Service;
  afterEach(() => service.stop());

  it('is rejected at once, and every request gets a response', async () => {
    service = await Service.start({ WORKERS: '1', MAX_QUEUE: '5' });
    const order: number[] = [];
    const answers = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const answer = await compare(service.url);
        order.push(answer.status);
        return answer;
      }),
    );

    const refused = answers.filter(({ status }) => status === 503);
    const served = answers.filter(({ status }) => status === 200);
    expect(refused.length + served.length).toBe(40);
    expect(served.length).toBeGreaterThanOrEqual(3);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expect(answer).toMatchObject({ code: 'OVERLOADED', retryAfter: '1' });
    expect(order[0]).toBe(503);
    expect(await compare(service.url)).toMatchObject({ status: 200, match: true });
  });

  it('is abandoned at the deadline, counted from arrival', async () => {
    service = await Service.start({ WORKERS: '1', REQUEST_TIMEOUT_MS: '1000' });
    // All at once, before the service can know how long a photograph takes.
    const answers = await Promise.all(Array.from({ length: 60 }, () => compare(service.url, null, '/compare')));

    // Bodies still arriving at the deadline get their own error; late arrivals are rejected.
    const late = answers.filter(({ status }) => status !== 200).map(({ status, code }) => `${status} ${code}`);
    expect(late).toContain('504 DEADLINE_EXCEEDED');
    expect(
      late.filter((answer) => !/^(504 DEADLINE_EXCEEDED|408 REQUEST_TIMEOUT|503 OVERLOADED)$/.test(answer)),
    ).toEqual([]);
    expect(await compare(service.url)).toMatchObject({ status: 200, match: true });
  });

  it('is rejected as soon as it is expected to miss its deadline', async () => {
    service = await Service.start({ WORKERS: '1', REQUEST_TIMEOUT_MS: '2000' });
    for (let i = 0; i < 20; i++) await compare(service.url, null, '/compare');
    const answers = await Promise.all(Array.from({ length: 100 }, () => compare(service.url, null, '/compare')));

    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 504)).toEqual([]);
  });

  it('releases its slots when its clients disconnect', async () => {
    service = await Service.start({ ...HOLD, WORKERS: '1', MAX_QUEUE: '9' });
    hold(service);
    const leaving = new AbortController();
    const left = Array.from({ length: 5 }, () => compare(service.url, leaving.signal).catch(() => 'left'));
    const refused = async (): Promise<boolean> => (await service.post('/compare', '{}')).status === 503;
    await until(refused);
    leaving.abort();
    await Promise.all(left);

    await until(async () => !(await refused()));
    hold(service);
    expect(await compare(service.url)).toMatchObject({ status: 200, match: true });
    expect(total(await readMetrics(service), 'face_http_requests_total', { status: '499' })).toBeGreaterThan(0);
  });
});
