import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../test/support/free-port.js';

/** Runs the performance-test command as npm would. */
async function perf(argv: string[], env: NodeJS.ProcessEnv = {}): Promise<{ status: unknown; stderr: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'perf.mjs'), ...argv], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [[status], stderr] = await Promise.all([once(child, 'exit') as Promise<unknown[]>, text(child.stderr)]);
  return { status, stderr };
}

describe('the performance-test command', () => {
  it('fails with one line if nothing listens', async () => {
    const origin = `http://127.0.0.1:${await freePort()}`;
    expect(await perf(['--url', `${origin}/mediapipe`])).toEqual({
      status: 1,
      stderr: `${origin} cannot be reached; is the service running?\n`,
    });
  });

  it('fails with one line if a photograph is missing', async () => {
    expect(await perf(['--image2', '/no/such.jpg'])).toEqual({ status: 1, stderr: '/no/such.jpg cannot be read\n' });
  });

  it.each([
    [['--num-requests', 'many'], '--num-requests must be a whole number, from 1 to 100000'],
    [['--requests', '5'], "Unknown option '--requests'"],
  ])('answers %j with one line, its usage and status 2', async (args, message) => {
    const { status, stderr } = await perf(args);
    expect(status).toBe(2);
    expect(stderr.split('\n')[0]).toBe(message);
    expect(stderr).toContain('Usage: npm run perf -- [options]');
  });

  it('says how to get k6 if it is missing', async () => {
    const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { status, stderr } = await perf(['--url', `http://127.0.0.1:${port}/`], { K6_BIN: '/no/such/k6' });
    server.close();
    expect(status).toBe(1);
    expect(stderr).toContain('go install go.k6.io/k6@');
  });

  it('explains itself', async () => {
    expect(await perf(['--help'])).toEqual({ status: 0, stderr: '' });
  });
});
