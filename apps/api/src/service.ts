import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import type { Logger } from 'pino';
import type { Listening } from './cluster/primary.js';
import type { Join } from './cluster/whole-service.js';
import type { Settings } from './config/settings.js';
import type { InferenceRuntime } from './inference/inference-runtime.js';
import { startServer } from './server.js';

/*
 * Bodies are outside the heap, but V8 counts them towards it and would collect the whole heap after every large one: a
 * fifth of the time, with the event loop blocked. This value, in percent of live memory, makes it wait for more
 * garbage.
 */
setFlagsFromString('--heap-growing-percent=200');

/** How long the workers have to finish once all responses are sent or cut off, in milliseconds. */
const REST_TIMEOUT_MS = 2_000;

/** How a service ended. */
export interface Ending {
  /** Whether all requests in progress were answered. */
  readonly finished: boolean;
  /** Whether all workers became idle. */
  readonly rested: boolean;
}

/** A running service, or one process of it. */
export interface RunningService {
  readonly listening: Listening;
  /** Finishes the requests in progress, then the workers. */
  readonly stop: () => Promise<Ending>;
}

/** Serves with a running pool. */
export async function serve(
  settings: Settings,
  inference: InferenceRuntime,
  logger: Logger,
  join: Join,
): Promise<RunningService> {
  const server = await startServer(settings, inference, logger, join);
  const { executionProvider, models, pool } = inference;
  return {
    listening: {
      port: server.port,
      models: `${models.embedder.weights}, ${models.precision} on ${executionProvider}`,
      workers: pool.readyWorkers,
    },
    stop: async () => {
      const finished = await server.close();
      // No client is waiting for the workers any more; they finish what they have begun, or stop at their next step.
      const rested = await Promise.race([pool.close().then(() => true), delay(REST_TIMEOUT_MS, false, { ref: false })]);
      return { finished, rested };
    },
  };
}

/** Sets the exit status. Call it at the end: it kills this process if a worker hangs. */
export function endWith({ finished, rested }: Ending): void {
  // A thread that hangs in native code cannot be terminated, and the process would wait for it forever.
  if (!rested) process.kill(process.pid, 'SIGKILL');
  process.exitCode = finished ? 0 : 1;
}
