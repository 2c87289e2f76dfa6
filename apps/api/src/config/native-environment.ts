import { availableParallelism } from 'node:os';

const MEGABYTE = 1024 * 1024;

/**
 * The environment with what native code wants set before the process starts, unless it is set already:
 *
 * - MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_: what is as large as a big photograph's pixels goes back to the system
 *   as soon as it is free. glibc otherwise raises both after the first one and keeps them all; with much lower ones every
 *   photograph would wait for fresh pages.
 * - UV_THREADPOOL_SIZE: photographs are decoded on this pool, one for each worker or core.
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
