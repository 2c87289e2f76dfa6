import { availableParallelism } from 'node:os';

const MEGABYTE = 1024 * 1024;

/**
 * The environment plus the variables that native code reads at process start, unless already set:
 *
 * - MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_: buffers the size of a large photograph's pixels are returned to the
 *   system as soon as they are freed. By default, glibc raises both thresholds after the first such buffer and keeps
 *   the memory; much lower values would make every photograph fault in fresh pages.
 * - UV_THREADPOOL_SIZE: photographs are decoded on this pool, one thread per worker or core.
 */
export function nativeEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const cores = availableParallelism();
  const threads = Math.max(cores, Number(env['WORKERS'] ?? cores) || 0);
  return {
    MALLOC_MMAP_THRESHOLD_: String(4 * MEGABYTE),
    MALLOC_TRIM_THRESHOLD_: String(8 * MEGABYTE),
    UV_THREADPOOL_SIZE: String(threads),
    ...env,
  };
}

/**
 * The variables of one of several service processes: each has its share of the threads that decode photographs.
 *
 * @param processes their number
 */
export function nativeEnvironmentOfProcess(processes: number, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const threads = Number(env['UV_THREADPOOL_SIZE']);
  return threads > 0 ? { UV_THREADPOOL_SIZE: String(Math.ceil(threads / processes)) } : {};
}
