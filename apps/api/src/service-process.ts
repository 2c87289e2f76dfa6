import { PrimaryLink } from './cluster/primary-link.js';
import { settingsOfProcess } from './cluster/shares.js';
import { readSettings } from './config/settings.js';
import { startInference } from './inference/inference-runtime.js';
import { launcherGone } from './launcher-gone.js';
import { createLogger } from './logging/logger.js';
import { endWith, serve } from './service.js';
import { stopSignal } from './stop-signal.js';

/* One of several service processes. The primary (main.ts) starts it, speaks for it, and tells it to stop. */

const primary = new PrimaryLink();
try {
  const { share, provider } = await primary.assignment();
  const whole = readSettings();
  const settings = settingsOfProcess(whole, share);
  const logger = createLogger(settings, true);
  const inference = await startInference(settings, provider, (error) => {
    logger.error({ reason: error.message }, 'inference pool');
  });
  await primary.loaded();
  const service = await serve(settings, inference, logger, primary.join(whole));
  // The primary's end closes the channel.
  const stopped = Promise.race([stopSignal(), launcherGone()]);
  await primary.listening(service.listening);
  await stopped;
  endWith(await service.stop());
} catch (error) {
  await primary.failed(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
  // The channel would keep this process alive.
  if (process.connected) process.disconnect();
}
