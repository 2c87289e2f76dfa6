import cluster from 'node:cluster';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ProviderDecision } from '#inference';
import { type Listening, Primary } from './cluster/primary.js';
import { chooseProcesses } from './cluster/shares.js';
import { alone } from './cluster/whole-service.js';
import { COMPARISON_PATHS } from './comparison/comparison-paths.js';
import { readSettings, type Settings } from './config/settings.js';
import { chooseExecutionProvider, startInference } from './inference/inference-runtime.js';
import { launcherGone } from './launcher-gone.js';
import { standardOutput } from './logging/line-output.js';
import { createLogger } from './logging/logger.js';
import { readyBanner } from './ready-banner.js';
import { stopSignal } from './stop-signal.js';

/*
 * The service: one process, or a primary with several service processes (service-process.ts). They are the same to
 * those who start and stop it.
 */

try {
  const settings = readSettings();
  const provider = await chooseExecutionProvider(settings);
  // Under another program's node:cluster, that program decides.
  const processes = cluster.isPrimary ? chooseProcesses(settings, provider.provider) : 1;
  const logger = createLogger(settings, processes > 1);
  if (processes === 1) await runAlone(settings, provider, logger);
  else await runSeveral(settings, provider, processes, logger);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function runAlone(settings: Settings, provider: ProviderDecision, logger: Logger): Promise<void> {
  // Not loaded into a primary.
  const { endWith, serve } = await import('./service.js');
  const inference = await startInference(settings, provider, (error) => {
    logger.error({ reason: error.message }, 'inference pool');
  });
  const service = await serve(settings, inference, logger, alone(settings));
  await announcedAndStopped(settings, provider, logger, [service.listening]);
  const ending = await service.stop();
  logger.info(ending, 'stopped');
  endWith(ending);
}

async function runSeveral(
  settings: Settings,
  provider: ProviderDecision,
  processes: number,
  logger: Logger,
): Promise<void> {
  const program = join(import.meta.dirname, 'service-process.js');
  const primary = await Primary.start({ settings, provider, processes, logger, program });
  await announcedAndStopped(settings, provider, logger, primary.listening);
  const exitCode = await primary.stop();
  logger.info({ finished: exitCode === 0 }, 'stopped');
  process.exitCode = exitCode;
}

/** Says that the service is ready, and resolves when it is to stop. */
async function announcedAndStopped(
  settings: Settings,
  { fallbackReason }: ProviderDecision,
  logger: Logger,
  processes: readonly Listening[],
): Promise<void> {
  // Listen before the service announces itself, as it may be stopped from then on.
  const stopped = Promise.race([stopSignal(), launcherGone()]);
  if (fallbackReason !== undefined) logger.warn({ reason: fallbackReason }, 'computing on the CPU');
  const [{ port, models }] = processes;
  const workers = processes.reduce((sum, process) => sum + process.workers, 0);
  const inProcesses = processes.length > 1 ? ` in ${processes.length} processes` : '';
  const url = `http://localhost:${port}`;
  const embedder = `${models}, ${workers} workers${inProcesses}`;
  if (settings.production) {
    logger.info({ url, docs: `${url}/docs`, embedder }, 'ready');
  } else {
    const path = COMPARISON_PATHS[settings.detectors[0]];
    standardOutput.write(readyBanner({ url, models: embedder, path, needsKey: settings.apiKeys.length > 0 }));
  }
  await stopped;
}
