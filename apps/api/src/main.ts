import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { COMPARISON_PATHS } from './comparison/comparison-paths.js';
import { readSettings } from './config/settings.js';
import { startInference } from './inference/inference-runtime.js';
import { launcherGone } from './launcher-gone.js';
import { standardOutput } from './logging/line-output.js';
import { createLogger } from './logging/logger.js';
import { readyBanner } from './ready-banner.js';
import { startServer } from './server.js';
import { stopSignal } from './stop-signal.js';

/*
 * Bodies are outside the heap, but V8 counts them towards it and would collect the whole heap after every large one: a
 * fifth of the time, with the event loop blocked. This value, in percent of live memory, makes it wait for more
 * garbage.
 */
setFlagsFromString('--heap-growing-percent=200');

/** How long the workers have to finish once all responses are sent or cut off, in milliseconds. */
const REST_TIMEOUT_MS = 2_000;

try {
  const settings = readSettings();
  const logger = createLogger(settings);
  const inference = await startInference(settings, (error) => {
    logger.error({ reason: error.message }, 'inference pool');
  });
  const server = await startServer(settings, inference, logger);
  // Listen before the service announces itself, as it may be stopped from then on.
  const stopped = Promise.race([stopSignal(), launcherGone()]);
  const { executionProvider, models, pool, fallbackReason } = inference;
  if (fallbackReason !== undefined) logger.warn({ reason: fallbackReason }, 'computing on the CPU');
  const url = `http://localhost:${server.port}`;
  const embedder = `${models.embedder.weights}, ${models.precision} on ${executionProvider}, ${pool.readyWorkers} workers`;
  if (settings.production) {
    logger.info({ url, docs: `${url}/docs`, embedder }, 'ready');
  } else {
    const path = COMPARISON_PATHS[settings.detectors[0]];
    standardOutput.write(readyBanner({ url, models: embedder, path, needsKey: settings.apiKeys.length > 0 }));
  }
  await stopped;
  const finished = await server.close();
  // No client is waiting for the workers any more; they finish what they have begun, or stop at their next step.
  const rested = await Promise.race([pool.close().then(() => true), delay(REST_TIMEOUT_MS, false, { ref: false })]);
  logger.info({ finished, rested }, 'stopped');
  // A thread that hangs in native code cannot be terminated, and the process would wait for it forever.
  if (!rested) process.kill(process.pid, 'SIGKILL');
  process.exitCode = finished ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
