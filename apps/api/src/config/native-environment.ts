import { availableParallelism } from 'node:os';

const MEGABYTE = 1024 * 1024;

/**
 * The environment with what native code wants set before the process starts, unless it is set already:
 *
 * - MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_: what glibc takes from the system for itself alone and gives back as
 *   soon as it is free, and from how much free memory on it gives back the rest. glibc otherwise raises both after large
 *   photographs and keeps their memory; with much lower ones every run of a network would ask the system again.
 * - UV_THREADPOOL_SIZE: photographs are decoded on this pool, one for each worker or core.
 */
export function nativeEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const cores = availableParallelism();
  return {
    MALLOC_MMAP_THRESHOLD_: String(8 * MEGABYTE),
    MALLOC_TRIM_THRESHOLD_: String(32 * MEGABYTE),
    UV_THREADPOOL_SIZE: String(Math.max(cores, Number(env['WORKERS'] ?? cores) || 0)),
    ...env,
  };
}
