import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { jsonBody } from './support/bodies.js';
import { freePort } from './support/free-port.js';
import { MAIN, photograph, readAnswer, spawnOptions } from './support/service.js';

/** The built service, with output that may not be readable or writable. */
interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}

let folder: string;
let fds: number[] = [];
let service: Running | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logging-'));
});

afterEach(async () => {
  if (service?.process.exitCode === null && service.process.signalCode === null) {
    service.process.kill('SIGKILL');
    await once(service.process, 'exit');
  }
  service = undefined;
  for (const fd of fds) closeSync(fd);
  fds = [];
  rmSync(folder, { recursive: true });
});

/** Opens a file until the end of the test. */
function open(path: string, flags: number): number {
  const fd = openSync(path, flags);
  fds.push(fd);
  return fd;
}

function close(fd: number): void {
  fds = fds.filter((other) => other !== fd);
  closeSync(fd);
}

/** Starts the service and waits until it responds. */
async function start(stdout: number, stderr: number | 'ignore', env: Record<string, string>): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN], {
    ...spawnOptions({ PORT: String(port), WORKERS: '1', ...env }),
    stdio: ['ignore', stdout, stderr],
  });
  service = { process: child, url: `http://127.0.0.1:${port}` };
  const { url } = service;
  const answers = (): Promise<boolean> =>
    fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(answers, { timeout: 20_000 }).toBe(true);
  return service;
}

/** Compares two photographs, ignoring the log. */
async function expectVerdict({ url }: Running): Promise<void> {
  const body = jsonBody(photograph('obama.jpg'), photograph('obama2.jpg'));
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/compare`, { method: 'POST', body, headers });
  const answer = readAnswer(response.status, response.headers, await response.text());
  expect(answer).toMatchObject({ status: 200, body: { match: true } });
}

async function droppedLines({ url }: Running): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^face_log_lines_dropped_total (\d+)$/m.exec(text)?.[1]);
}

async function expectGracefulEnd({ process: child }: Running): Promise<void> {
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
}

/** A named pipe, so that one reader can follow another. The service gets a blocking end, as from a shell. */
function pipe(): { path: string; reader: number; writer: number } {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = open(path, READ);
  return { path, reader, writer: open(path, constants.O_WRONLY) };
}

const READ = constants.O_RDONLY | constants.O_NONBLOCK;

/** Reads a pipe's current contents, at most its 64 KiB. */
function readOnce(reader: number): string {
  const chunk = Buffer.alloc(1024 ** 2);
  try {
    return chunk.toString('utf8', 0, readSync(reader, chunk));
  } catch {
    return '';
  }
}

/** Reads a pipe until it is empty, including what arrives in the meantime. */
function readAll(reader: number): string {
  const read = readOnce(reader);
  return read === '' ? '' : read + readAll(reader);
}

/** Fills a pipe completely. */
function fill(path: string): void {
  const writer = open(path, constants.O_WRONLY | constants.O_NONBLOCK);
  for (const size of [65_536, 1]) {
    try {
      for (;;) writeSync(writer, Buffer.alloc(size, '.'));
    } catch {
      // The pipe is full.
    }
  }
  close(writer);
}

const PRINTS = { NODE_OPTIONS: `--import=${join(PACKAGE_ROOT, 'test/support/prints.mjs')}` };

describe.each(['production', 'development'])('in %s', (NODE_ENV) => {
  it('a full disk costs only lines, which are counted', async () => {
    const full = open('/dev/full', constants.O_WRONLY);
    const running = await start(full, full, { NODE_ENV, ...PRINTS });
    const atStart = await droppedLines(running);
    running.process.kill('SIGUSR2');
    await expectVerdict(running);

    expect(atStart).toBeGreaterThan(0);
    await expect.poll(() => droppedLines(running)).toBeGreaterThan(atStart);
    await expectVerdict(running);
    await expectGracefulEnd(running);
  });

  it('a missing reader costs lines, which are counted, and the next one gets whole lines', async () => {
    const { path, reader, writer } = pipe();
    const running = await start(writer, writer, { NODE_ENV });
    await expect.poll(() => readAll(reader)).toContain(running.url.replace('127.0.0.1', 'localhost'));
    close(reader);
    await expectVerdict(running);
    await expect.poll(() => droppedLines(running)).toBeGreaterThan(0);
    const next = open(path, READ);
    await expectVerdict(running);

    await expect.poll(() => readAll(next)).toMatch(/^[^\n]*request[^\n]*\n$/);
    await expectGracefulEnd(running);
  });

  it('a stalled reader blocks nothing, and gets the lines once it reads', async () => {
    const { path, reader, writer } = pipe();
    fill(path);
    const running = await start(writer, writer, { NODE_ENV });
    await expectVerdict(running);
    await expectVerdict(running);
    expect(readOnce(reader)).toMatch(/^\.+$/);

    let read = '';
    await expect.poll(() => (read += readAll(reader)).match(/request/g)?.length).toBeGreaterThanOrEqual(2);
    expect(await droppedLines(running)).toBe(0);
    await expectGracefulEnd(running);
  });

  it('a reader that never reads does not prevent exit', async () => {
    const { path, writer } = pipe();
    fill(path);
    const running = await start(writer, writer, { NODE_ENV });
    await expectVerdict(running);
    await expectGracefulEnd(running);
  });
});
