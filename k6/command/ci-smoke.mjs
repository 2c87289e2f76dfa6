import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../../bench/command-line.mjs';
import { findK6, installK6, ROOT } from './k6-binary.mjs';
import { runScenario } from './run-scenario.mjs';

/** Starts the built service, runs the smoke test and the performance test against it, and stops it. */
const BUILT_SERVICE = join(ROOT, 'dist/test/support/service.js');

commandLine({
  command: 'npm run k6:ci --',
  about: `Starts the built service, runs the smoke and a burst of ten against it, and stops it.
Takes two minutes more where k6 has to be built first.`,
  options: {},
});
try {
  if (!existsSync(BUILT_SERVICE)) throw new Error('The service is not built; `npm run build` comes first.');
  const k6 = findK6() ?? installK6();
  if (k6 === undefined) throw new Error('k6 could not be built with Go.');
  process.exitCode = await smoke(k6);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/**
 * @param {string} k6
 * @returns {Promise<number>} the exit status
 */
async function smoke(k6) {
  /** @type {typeof import('../../test/support/service.js')} */
  const { Service } = await import(BUILT_SERVICE);
  const service = await Service.start();
  try {
    const env = { ...process.env, BASE_URL: service.url };
    return runScenario(k6, 'smoke', env) || runPerf(k6, `${service.url}/mediapipe`);
  } finally {
    await service.stop();
  }
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
