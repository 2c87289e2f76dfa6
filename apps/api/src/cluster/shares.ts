import type { ExecutionProvider } from '#face';
import type { Settings } from '../config/settings.js';
import { workersOn } from '../inference/inference-runtime.js';

/** Which of the service's processes one is. */
export interface Share {
  /** From 0 on. */
  readonly index: number;
  /** Number of processes. */
  readonly of: number;
}

/** Workers that one process's main thread feeds with ease, whatever the bodies (docs/scaling.md). */
const WORKERS_PER_PROCESS = 8;

/**
 * The number of service processes: the setting, or for `auto` one for every eight workers, as far as each may still
 * hold the largest body. On a GPU, `auto` is 1: each process would load the models into the GPU's memory again.
 *
 * @throws Error with one line, if the setting leaves a process without a worker or without room for the largest body
 */
export function chooseProcesses(settings: Settings, provider: ExecutionProvider): number {
  const { processes, maxPendingBytes, maxBodyBytes } = settings;
  const workers = workersOn(provider, settings);
  if (processes === 'auto') {
    if (provider !== 'cpu') return 1;
    return Math.min(Math.ceil(workers / WORKERS_PER_PROCESS), Math.floor(maxPendingBytes / maxBodyBytes));
  }
  if (processes > workers) {
    throw new Error(`Bad settings: PROCESSES must be at most ${workers}, the number of workers`);
  }
  if (maxPendingBytes < processes * maxBodyBytes) {
    throw new Error(
      `Bad settings: MAX_PENDING_BYTES must be at least ${processes * maxBodyBytes}, the largest body that MAX_IMAGE_BYTES allows for each of ${processes} processes`,
    );
  }
  return processes;
}

/**
 * One process's part of a number. The parts differ by 1 at most and add up to the whole; the first processes have the
 * larger ones.
 */
export function partOf(whole: number, { index, of }: Share): number {
  return Math.floor(whole / of) + (index < whole % of ? 1 : 0);
}

/**
 * The settings of one process. What bounds the service as a whole is shared out; what bounds one request, and the rate
 * limit, which the processes count together, is not. Every process may have a connection.
 */
export function settingsOfProcess(settings: Settings, share: Share): Settings {
  const { workers, gpuWorkers, maxQueue, maxPendingBytes, maxConnections, maxConnectionsPerAddress } = settings;
  return Object.freeze({
    ...settings,
    processes: share.of,
    workers: partOf(workers, share),
    gpuWorkers: partOf(gpuWorkers, share),
    maxQueue: partOf(maxQueue, share),
    maxPendingBytes: partOf(maxPendingBytes, share),
    maxConnections: Math.max(1, partOf(maxConnections, share)),
    maxConnectionsPerAddress: Math.max(1, partOf(maxConnectionsPerAddress, share)),
  });
}
