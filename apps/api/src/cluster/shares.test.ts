import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../config/settings.js';
import { chooseProcesses, partOf, settingsOfProcess } from './shares.js';

const MEBIBYTE = 1024 ** 2;

const processesFor = (env: Record<string, string>): number => chooseProcesses(readSettings(env), 'cpu');

describe('chooseProcesses', () => {
  it.each([
    ['1', 1],
    ['8', 1],
    ['9', 2],
    ['16', 2],
    ['32', 4],
    ['64', 8],
  ])('auto with %s workers: %i', (workers, processes) => {
    expect(processesFor({ WORKERS: workers })).toBe(processes);
  });

  it('auto leaves each process room for the largest body', () => {
    const { maxBodyBytes } = readSettings({});
    expect(processesFor({ WORKERS: '64', MAX_PENDING_BYTES: String(3 * maxBodyBytes) })).toBe(3);
    expect(processesFor({ WORKERS: '64', MAX_PENDING_BYTES: String(3 * maxBodyBytes - 1) })).toBe(2);
  });

  it('auto is one on a GPU', () => {
    expect(chooseProcesses(readSettings({ WORKERS: '64' }), 'cuda')).toBe(1);
  });

  it('takes a number as it is', () => {
    expect(processesFor({ WORKERS: '4', PROCESSES: '1' })).toBe(1);
    expect(processesFor({ WORKERS: '4', PROCESSES: '4' })).toBe(4);
  });

  it('refuses more processes than workers', () => {
    expect(() => processesFor({ WORKERS: '4', PROCESSES: '5' })).toThrow(
      /^Bad settings: PROCESSES must be at most 4, the number of workers$/,
    );
    expect(() => chooseProcesses(readSettings({ PROCESSES: '3' }), 'cuda')).toThrow(/PROCESSES must be at most 2,/);
  });

  it('refuses processes without room for the largest body', () => {
    const { maxBodyBytes } = readSettings({});
    expect(() =>
      processesFor({ WORKERS: '4', PROCESSES: '2', MAX_PENDING_BYTES: String(2 * maxBodyBytes - 1) }),
    ).toThrow(`MAX_PENDING_BYTES must be at least ${2 * maxBodyBytes}`);
  });
});

describe('partOf', () => {
  it('shares out everything, in parts that differ by one at most', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 64 }), (whole, of) => {
        const parts = Array.from({ length: of }, (_, index) => partOf(whole, { index, of }));
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(whole);
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('settingsOfProcess', () => {
  const settings = readSettings({
    WORKERS: '5',
    MAX_QUEUE: '101',
    MAX_PENDING_BYTES: String(101 * MEBIBYTE),
    MAX_CONNECTIONS: '3',
    MAX_CONNECTIONS_PER_ADDRESS: '1',
    RATE_LIMIT_PER_MINUTE: '7',
  });
  const [first, second] = [0, 1].map((index) => settingsOfProcess(settings, { index, of: 2 }));

  it('shares out workers, queue, bytes and connections', () => {
    expect(first).toMatchObject({ workers: 3, maxQueue: 51, maxConnections: 2 });
    expect(second).toMatchObject({ workers: 2, maxQueue: 50, maxConnections: 1 });
    expect(first.maxPendingBytes + second.maxPendingBytes).toBe(settings.maxPendingBytes);
  });

  it('lets every process have a connection of each address', () => {
    expect([first, second].map(({ maxConnectionsPerAddress }) => maxConnectionsPerAddress)).toEqual([1, 1]);
  });

  it('leaves limits of a single request, and the rate limit, as they are', () => {
    for (const { maxImageBytes, requestTimeoutMs, rateLimitPerMinute } of [first, second]) {
      expect({ maxImageBytes, requestTimeoutMs, rateLimitPerMinute }).toEqual({
        maxImageBytes: settings.maxImageBytes,
        requestTimeoutMs: settings.requestTimeoutMs,
        rateLimitPerMinute: 7,
      });
    }
  });
});
