import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.mjs';
import { ROOT } from './k6-binary.mjs';

const READY_WITHIN_MS = 30_000;

/**
 * Starts the built service on a free port of this machine and waits until it answers.
 *
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 * @throws {Error} where it ends or stays silent; its own words are on the console
 */
export async function startBuiltService() {
  const port = await freePort();
  const child = spawn(process.execPath, [join(ROOT, 'dist/apps/api/src/main.js')], {
    cwd: ROOT,
    env: { ...process.env, HOST: '127.0.0.1', PORT: `${port}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(url))) {
    if (hasEnded(child) || Date.now() > deadline) {
      await stop();
      throw new Error('the service did not start; `npm run build` comes first');
    }
    await delay(100);
  }
  return { url, stop };
}

/** @param {import('node:child_process').ChildProcess} child */
const hasEnded = ({ exitCode, signalCode }) => exitCode !== null || signalCode !== null;

/** @param {string} url */
async function answers(url) {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
