import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOOLS } from './tools.mjs';

/** Runs a tool as npm would. These calls end before anything is built. */
function run(...args: readonly string[]) {
  return spawnSync(process.execPath, [join(import.meta.dirname, 'run.mjs'), ...args], { encoding: 'utf8' });
}

describe.each(Object.keys(TOOLS))('the tool %s', (name) => {
  it('explains itself', () => {
    const { status, stdout, stderr } = run(name, '--help');

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: npm run \S+ -- /);
  });

  it('responds to a wrong argument with one line, its usage and status 2', () => {
    const { status, stdout, stderr } = run(name, '--nonsense');

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^Unknown option '--nonsense'\n\nUsage: npm run \S+ -- /);
  });
});

it.each([
  ['fuzz', '--cases', 'abc', '--cases must be a whole number, at least 1'],
  ['soak', '--requests', '1999', '--requests must be a whole number, at least 2000'],
  ['bench', '--clients', '0', '--clients must be a whole number, from 1 to 1000'],
  ['bench', '--baseline', 'localhost:8100', '--baseline must be an http or https URL'],
  ['sweep', '--requests', '-5', "Option '--requests' argument is ambiguous"],
])('%s %s %s is refused', (name, option, value, message) => {
  const { status, stderr } = run(name, option, value);

  expect(status).toBe(2);
  expect(stderr.split('\n')[0]).toBe(message);
});
