import { availableParallelism } from 'node:os';

/** Node's own default. */
const MIN_POOL_THREADS = 4;

/**
 * The environment with what native code wants set before the process starts, unless it is set already:
 *
 * - MALLOC_ARENA_MAX: glibc otherwise keeps freed memory apart for each thread; with two arenas the service takes a
 *   quarter less memory at the same speed.
 * - UV_THREADPOOL_SIZE: photographs are decoded on this pool, one for each worker.
 */
export function nativeEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const workers = Number(env['WORKERS'] ?? availableParallelism());
  return {
    MALLOC_ARENA_MAX: '2',
    UV_THREADPOOL_SIZE: String(Math.max(MIN_POOL_THREADS, workers || 0)),
    ...env,
  };
}
