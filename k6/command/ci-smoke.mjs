import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startBuiltService } from './built-service.mjs';
import { findK6, installK6, ROOT } from './k6-binary.mjs';
import { runScenario } from './run-scenario.mjs';

/** Starts the built service, runs the smoke and the performance-test command against it, and stops it. */
const k6 = findK6() ?? installK6();
if (k6 === undefined) throw new Error('k6 could not be built with Go');

const service = await startBuiltService();
try {
  process.exitCode = runScenario(k6, 'smoke', { BASE_URL: service.url }) || runPerf(k6, `${service.url}/mediapipe`);
} finally {
  await service.stop();
}

/**
 * @param {string} k6
 * @param {string} url
 */
function runPerf(k6, url) {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'k6/command/perf.mjs'), '--url', url], {
    env: { ...process.env, K6_BIN: k6 },
    stdio: 'inherit',
  });
  return status ?? 1;
}
