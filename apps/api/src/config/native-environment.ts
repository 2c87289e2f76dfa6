import { availableParallelism } from 'node:os';

const MEGABYTE = 1024 * 1024;

/**
 * malloc's arenas for each worker. Without a limit glibc has eight for each core, and each keeps what its own threads
 * have freed: half a gigabyte after a few dozen of the largest photographs.
 */
const ARENAS_PER_WORKER = 2;

/**
 * The environment plus the variables that native code reads at process start, unless already set:
 *
 * - MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_: buffers the size of a large photograph's pixels are returned to the
 *   system as soon as they are freed. By default, glibc raises both thresholds after the first such buffer and keeps
 *   the memory; much lower values would make every photograph fault in fresh pages.
 * - MALLOC_ARENA_MAX: smaller memory is shared by several threads, so that it is used again before more is taken.
 * - UV_THREADPOOL_SIZE: photographs are decoded on this pool, one thread per worker or core.
 */
export function nativeEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const cores = availableParallelism();
  const workers = Number(env['WORKERS']) || cores;
  return {
    MALLOC_MMAP_THRESHOLD_: String(4 * MEGABYTE),
    MALLOC_TRIM_THRESHOLD_: String(8 * MEGABYTE),
    MALLOC_ARENA_MAX: String(ARENAS_PER_WORKER * workers),
    UV_THREADPOOL_SIZE: String(Math.max(cores, workers)),
    ...env,
  };
}

/**
 * The variables of one of several service processes, which has its share of the workers: its share of their arenas and
 * of the threads that decode photographs.
 *
 * @param processes their number
 */
export function nativeEnvironmentOfProcess(processes: number, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const shares = ['MALLOC_ARENA_MAX', 'UV_THREADPOOL_SIZE'].map((name) => [name, Number(env[name])] as const);
  return Object.fromEntries(
    shares.filter(([, whole]) => whole > 0).map(([name, whole]) => [name, String(Math.ceil(whole / processes))]),
  );
}
