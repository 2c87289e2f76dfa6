import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Runs a scenario as npm would, without k6. Not in the tests' own environment: vitest sets BASE_URL. */
function scenario(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [join(import.meta.dirname, 'scenario.mjs'), ...args], {
    env: { PATH: process.env['PATH'], K6_BIN: '/no/such/k6', ...env },
    encoding: 'utf8',
  });
}

describe('the command for a scenario', () => {
  it.each(['smoke', 'load', 'stress', 'spike'])('explains %s', (name) => {
    const { status, stdout, stderr } = scenario([name, '--help']);

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`Usage: npm run k6:${name} --`);
  });

  it.each([
    [[], 'Say which scenario: smoke, load, stress, spike.'],
    [['soak'], 'Say which scenario: smoke, load, stress, spike.'],
    [['load', '--vus', '3'], "Unknown option '--vus'"],
  ])('answers %j with status 2', (args, message) => {
    const { status, stderr } = scenario(args);

    expect(status).toBe(2);
    expect(stderr.split('\n')[0]).toBe(message);
  });

  it.each([
    ['VUS', 'abc', 'VUS must be a whole number, at least 1'],
    ['VUS', '0', 'VUS must be a whole number, at least 1'],
    ['P95_MS', '1.5', 'P95_MS must be a whole number, at least 1'],
    ['DURATION', '5', 'DURATION must be hours, minutes and seconds such as 1h30m or 45s, at least 1s'],
    ['DURATION', '0s', 'DURATION must be hours, minutes and seconds such as 1h30m or 45s, at least 1s'],
    ['DURATION', '', 'DURATION must be hours, minutes and seconds such as 1h30m or 45s, at least 1s'],
    ['BASE_URL', 'localhost:8000', 'BASE_URL must be an http or https URL'],
  ])('rejects %s=%s in one line', (name, value, message) => {
    expect(scenario(['load'], { [name]: value })).toMatchObject({ status: 2, stderr: `${message}\n` });
  });

  it.each(['1h30m', '45s', '2m'])('accepts a duration of %s, and says how to get k6', (duration) => {
    const { status, stderr } = scenario(['load'], { DURATION: duration });

    expect(status).toBe(1);
    expect(stderr).toContain('go install go.k6.io/k6@');
  });
});
