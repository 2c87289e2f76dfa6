import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../apps/api/src/package-root.js';

/** The program of the command `face-comparison`. */
export const COMMAND = join(PACKAGE_ROOT, 'bin/face-comparison.mjs');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The environment besides PATH. */
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** What standard input contains. */
  readonly input?: Buffer;
}

/** Runs `face-comparison` until it ends. */
export async function run(
  args: readonly string[],
  { env, cwd = PACKAGE_ROOT, input }: RunOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (printed[name] += text));
  }
  // It need not read what it was given.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...printed };
}
