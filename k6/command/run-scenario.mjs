import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './k6-binary.mjs';

const REPORTS = join(ROOT, 'k6/reports');

/** Each is a file of the folder above. */
export const SCENARIOS = ['smoke', 'load', 'stress', 'spike', 'soak'];

/** How far apart the points of a report's charts are: a smoke is over in seconds, a soak takes hours. */
const PERIODS = new Map([
  ['smoke', '100ms'],
  ['soak', '10s'],
]);

/**
 * Runs a scenario, which writes its HTML report into k6/reports.
 *
 * @param {string} k6 path of the program
 * @param {string} name one of SCENARIOS
 * @param {Record<string, string>} env more of it
 * @returns {number} k6's exit status: 0, or 99 where a threshold was crossed
 */
export function runScenario(k6, name, env = {}) {
  mkdirSync(REPORTS, { recursive: true });
  const report = join(REPORTS, `${name}.html`);
  // k6 writes none where a run ends at once, and an older one would pass for this run's.
  rmSync(report, { force: true });
  const { status } = spawnSync(k6, ['run', '--quiet', join(ROOT, 'k6', `${name}.ts`)], {
    env: {
      K6_WEB_DASHBOARD: 'true',
      K6_WEB_DASHBOARD_EXPORT: report,
      K6_WEB_DASHBOARD_PERIOD: PERIODS.get(name) ?? '1s',
      // With a port, k6 would show the charts live but not end before the browser's window is closed.
      K6_WEB_DASHBOARD_PORT: '-1',
      ...process.env,
      ...env,
    },
    stdio: 'inherit',
  });
  if (existsSync(report)) console.log(`Report: ${relative(process.cwd(), report)}`);
  return status ?? 1;
}
