import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { readSettings } from './config/settings.js';
import { startInference } from './inference/inference-runtime.js';
import { launcherGone } from './launcher-gone.js';
import { standardOutput } from './logging/line-output.js';
import { createLogger } from './logging/logger.js';
import { readyBanner } from './ready-banner.js';
import { startServer } from './server.js';
import { stopSignal } from './stop-signal.js';

/*
 * Bodies lie outside the heap, but V8 counts them in and would collect all of it after every large one: a fifth of the
 * time, and the event loop held up for it. With this, in percent of what is alive, it waits for more garbage.
 */
setFlagsFromString('--heap-growing-percent=200');

/** How long the workers have to come to rest once all answers are out or cut off, in milliseconds. */
const REST_TIMEOUT_MS = 2_000;

try {
  const settings = readSettings();
  const logger = createLogger(settings);
  const inference = await startInference(settings, (error) => {
    logger.error({ reason: error.message }, 'inference pool');
  });
  const server = await startServer(settings, inference, logger);
  // Listened for before anybody is told that the service is there, and could stop it again.
  const stopped = Promise.race([stopSignal(), launcherGone()]);
  const { executionProvider, models, pool, fallbackReason } = inference;
  if (fallbackReason !== undefined) logger.warn({ reason: fallbackReason }, 'computing on the CPU');
  const url = `http://localhost:${server.port}`;
  const embedder = `${models.embedder.weights}, ${models.precision} on ${executionProvider}, ${pool.readyWorkers} workers`;
  if (settings.production) {
    logger.info({ url, docs: `${url}/docs`, embedder }, 'ready');
  } else {
    standardOutput.write(readyBanner({ url, models: embedder, needsKey: settings.apiKeys.length > 0 }));
  }
  await stopped;
  const finished = await server.close();
  // Nobody waits for what the workers still do; what they have begun they finish, or stop at their next step.
  const rested = await Promise.race([pool.close().then(() => true), delay(REST_TIMEOUT_MS, false, { ref: false })]);
  logger.info({ finished, rested }, 'stopped');
  // A thread that hangs in native code cannot be ended, and the process would wait for it for ever.
  if (!rested) process.kill(process.pid, 'SIGKILL');
  process.exitCode = finished ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
