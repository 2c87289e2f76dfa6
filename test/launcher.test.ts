import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { freePort } from './support/free-port.js';
import { photograph } from './support/service.js';

/** What `npm start` runs after the build, and the service that it starts. */
interface Launched {
  readonly launcher: ChildProcessByStdio<null, Readable, Readable>;
  readonly url: string;
  /** The output of both. */
  readonly output: () => string;
  /** Resolves when both have ended, as they share their output. */
  readonly bothEnded: Promise<unknown>;
}

const running: Launched[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const { launcher } of running.splice(0)) {
    // The service is in the launcher's process group, and may be the only one left there.
    if (launcher.pid === undefined) continue;
    try {
      process.kill(-launcher.pid, 'SIGKILL');
    } catch {
      // The group is empty.
    }
  }
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/**
 * @param settingsFile contents of the .env file in the working directory
 * @param command what is run; the launcher itself unless given
 */
async function launch(
  env: Record<string, string> = {},
  settingsFile = '',
  command: readonly [string, ...string[]] = [process.execPath, join(PACKAGE_ROOT, 'dist/apps/api/src/launch.js')],
): Promise<Launched> {
  const folder = await mkdtemp(join(tmpdir(), 'launched-'));
  folders.push(folder);
  await writeFile(join(folder, '.env'), settingsFile);
  const port = await freePort();
  const [program, ...parameters] = command;
  const launcher = spawn(program, parameters, {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: String(port),
      WORKERS: '1',
      MODELS_DIR: join(PACKAGE_ROOT, 'models'),
      NODE_ENV: 'production',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [launcher.stdout, launcher.stderr])
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const launched = {
    launcher,
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    bothEnded: Promise.all([once(launcher.stdout, 'end'), once(launcher.stderr, 'end')]),
  };
  running.push(launched);
  return launched;
}

const ready = ({ output }: Launched): Promise<void> => expect.poll(output, { timeout: 20_000 }).toContain('"ready"');

function compare({ url }: Launched): Promise<Response> {
  const body = new FormData();
  for (const [field, name] of [
    ['image1', 'obama.jpg'],
    ['image2', 'obama2.jpg'],
  ]) {
    body.append(field, new Blob([new Uint8Array(photograph(name))]), name);
  }
  return fetch(`${url}/compare`, { method: 'POST', body });
}

it('SIGKILL of the launcher stops the service: it finishes requests in progress, then exits', async () => {
  const launched = await launch();
  await ready(launched);
  const underWay = Array.from({ length: 4 }, () => compare(launched));
  await expect.poll(async () => queueLength(launched.url)).toBeGreaterThan(0);
  launched.launcher.kill('SIGKILL');

  expect((await Promise.all(underWay)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await launched.bothEnded;
  expect(launched.output()).toContain('"finished":true');
  await expect(fetch(launched.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

it('SIGKILL of the launcher also stops a service that is still loading', async () => {
  // Each process, the launcher first, prints its file before it loads anything.
  const launched = await launch({ NODE_OPTIONS: '--import=data:text/javascript,console.log(process.argv[1])' });
  await expect.poll(launched.output).toContain('main.js');
  expect(launched.output()).not.toContain('"ready"');
  launched.launcher.kill('SIGKILL');

  await launched.bothEnded;
  await expect(fetch(launched.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

it('SIGKILL of the launcher stops several processes, too', async () => {
  const launched = await launch({ PROCESSES: '2', WORKERS: '2' });
  await ready(launched);
  launched.launcher.kill('SIGKILL');

  await launched.bothEnded;
  expect(launched.output()).toContain('"finished":true');
  await expect(fetch(launched.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

it.each(['SIGTERM', 'SIGINT'] as const)('%s is forwarded, and the exit status is returned', async (signal) => {
  const launched = await launch();
  await ready(launched);
  launched.launcher.kill(signal);

  expect(await once(launched.launcher, 'exit')).toEqual([0, null]);
  await launched.bothEnded;
  expect(launched.output()).toContain('"finished":true');
});

it('SIGTERM of npm stops the service, although npm does not pass it on', async () => {
  const launched = await launch({}, '', ['npm', 'run', '--prefix', PACKAGE_ROOT, 'start:built']);
  await ready(launched);
  launched.launcher.kill('SIGTERM');

  await launched.bothEnded;
  expect(launched.output()).toContain('"finished":true');
});

it('a failed start ends both, with its line and its exit status', async () => {
  const launched = await launch({ PORT: 'eighty' });

  expect(await once(launched.launcher, 'exit')).toEqual([1, null]);
  await launched.bothEnded;
  expect(launched.output()).toMatch(/^Bad settings: PORT [^\n]+\n$/);
});

it('reads .env in the working directory; variables that are set take precedence', async () => {
  const launched = await launch({}, 'SIMILARITY_THRESHOLD=2\nPORT=eighty\n');

  expect(await once(launched.launcher, 'exit')).toEqual([1, null]);
  await launched.bothEnded;
  expect(launched.output()).toMatch(/^Bad settings: SIMILARITY_THRESHOLD must be auto or a number from -1 to 1\n$/);
});

async function queueLength(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^face_queue_length (\d+)$/m.exec(text)?.[1]);
}
