import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../package-root.js';
import { nativeEnvironment, nativeEnvironmentOfProcess } from './native-environment.js';

describe('nativeEnvironment', () => {
  it.each(['', 'auto', '0', 'many'])('has two arenas and a thread for each core with WORKERS=%s', (WORKERS) => {
    const cores = availableParallelism();
    expect(nativeEnvironment({ WORKERS })).toMatchObject({
      MALLOC_ARENA_MAX: String(2 * cores),
      UV_THREADPOOL_SIZE: String(cores),
    });
  });

  it('has two arenas and at least one thread for each worker', () => {
    expect(nativeEnvironment({ WORKERS: '1' })).toMatchObject({ MALLOC_ARENA_MAX: '2' });
    expect(nativeEnvironment({ WORKERS: '500' })).toMatchObject({
      MALLOC_ARENA_MAX: '1000',
      UV_THREADPOOL_SIZE: '500',
    });
  });

  it('keeps what is already set', () => {
    const set = { MALLOC_ARENA_MAX: '1', UV_THREADPOOL_SIZE: '9', MALLOC_TRIM_THRESHOLD_: '5', OTHER: 'x' };
    expect(nativeEnvironment(set)).toMatchObject(set);
  });
});

describe('nativeEnvironmentOfProcess', () => {
  it('is a share, rounded up', () => {
    expect(nativeEnvironmentOfProcess(3, { MALLOC_ARENA_MAX: '16', UV_THREADPOOL_SIZE: '8', WORKERS: '8' })).toEqual({
      MALLOC_ARENA_MAX: '6',
      UV_THREADPOOL_SIZE: '3',
    });
  });

  it('leaves out what is not set', () => {
    expect(nativeEnvironmentOfProcess(2, {})).toEqual({});
  });
});

// They start the service without the launcher, and know nothing of WORKERS yet.
it.each(['Dockerfile', 'Dockerfile.cuda'])('docker/%s sets the same, with arenas for four workers', (file) => {
  const set = [...readFileSync(join(PACKAGE_ROOT, 'docker', file), 'utf8').matchAll(/\b(MALLOC_\w+)=(\d+)/g)];
  expect(set).toHaveLength(3);
  expect(nativeEnvironment({ WORKERS: '4' })).toMatchObject(
    Object.fromEntries(set.map(([, name, value]) => [name, value])),
  );
});
