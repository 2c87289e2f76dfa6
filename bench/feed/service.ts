import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { Primary } from '../../apps/api/src/cluster/primary.js';
import { PrimaryLink } from '../../apps/api/src/cluster/primary-link.js';
import { settingsOfProcess } from '../../apps/api/src/cluster/shares.js';
import { alone } from '../../apps/api/src/cluster/whole-service.js';
import { readSettings, type Settings } from '../../apps/api/src/config/settings.js';
import { acceptablePrecisions, type InferenceRuntime } from '../../apps/api/src/inference/inference-runtime.js';
import { ScoreMeaning } from '../../apps/api/src/inference/score-meaning.js';
import { launcherGone } from '../../apps/api/src/launcher-gone.js';
import { createLogger } from '../../apps/api/src/logging/logger.js';
import { serve } from '../../apps/api/src/service.js';
import { stopSignal } from '../../apps/api/src/stop-signal.js';
import { InferencePool } from '../../libs/inference/src/inference-pool.js';
import { openModels } from '../../libs/inference/src/model-store.js';

/* The service with workers that answer at once, in one process or in PROCESSES. What npm run bench:feed measures. */

const settings = readSettings();
const processes = Number(settings.processes);
const logger = createLogger(settings, processes > 1);

if (!cluster.isPrimary) {
  const primary = new PrimaryLink();
  const { share } = await primary.assignment();
  const own = settingsOfProcess(settings, share);
  const inference = await instantInference(own);
  await primary.loaded();
  const service = await serve(own, inference, logger, primary.join(settings));
  const stopped = Promise.race([stopSignal(), launcherGone()]);
  await primary.listening(service.listening);
  await stopped;
  await service.stop();
} else if (processes > 1) {
  const program = fileURLToPath(import.meta.url);
  const provider = { provider: 'cpu' } as const;
  const primary = await Primary.start({ settings, provider, processes, logger, program });
  const stopped = stopSignal();
  console.log(`http://localhost:${primary.listening[0].port}`);
  await stopped;
  await primary.stop();
} else {
  const service = await serve(settings, await instantInference(settings), logger, alone(settings));
  const stopped = stopSignal();
  console.log(`http://localhost:${service.listening.port}`);
  await stopped;
  await service.stop();
}

async function instantInference(own: Settings): Promise<InferenceRuntime> {
  const models = await openModels(own.modelsDir, {
    detectors: own.detectors,
    weights: own.embedderWeights,
    precisions: acceptablePrecisions(own),
  });
  const pool = await InferencePool.start({
    workers: own.workers,
    maxQueue: own.maxQueue,
    stuckAfterMs: own.requestTimeoutMs,
    startTimeoutMs: own.requestTimeoutMs,
    workerFile: new URL('./instant-worker.js', import.meta.url),
    workerOptions: {
      models: models.models,
      detectors: own.detectors,
      runtime: { executionProvider: 'cpu', intraOpThreads: 1 },
      crop: { rule: models.embedder.crop_rule, margins: own.cropMargins },
      maxPixels: own.maxImagePixels,
    },
  });
  const { crop_rule: cropRule, threshold } = models.embedder;
  return { pool, models, executionProvider: 'cpu', cropRule, scores: new ScoreMeaning(own, threshold) };
}
