import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { toSeconds } from '../lib/values.mjs';
import { ROOT } from './k6-binary.mjs';

const REPORTS = join(ROOT, 'k6/reports');

/** What each scenario does; each is a file in the parent folder. */
export const SCENARIOS = /** @type {const} */ ({
  smoke: 'Sends every case in every way, one after the other.',
  load: 'Sends comparisons from VUS clients (8) for DURATION (2m).',
  stress: 'Sends comparisons from more and more clients, up to VUS (200), over DURATION (5m).',
  spike: 'Sends comparisons from two clients, then VUS (300) at once, then two again; a third of DURATION (90s) each.',
});

/** @typedef {keyof typeof SCENARIOS} Scenario */

/** For runs shorter than this, the charts need a shorter period: k6 makes no report of two or three points. */
const SHORT_SECONDS = 20;

/**
 * The interval between the points of a report's charts.
 *
 * @param {Scenario} name
 * @param {string | undefined} duration as the scenario gets it
 */
function chartPeriod(name, duration) {
  const isShort = name === 'smoke' || (duration !== undefined && toSeconds('DURATION', duration) < SHORT_SECONDS);
  return isShort ? '100ms' : '1s';
}

/**
 * Runs a scenario, which writes its HTML report into k6/reports.
 *
 * @param {string} k6 path of the program
 * @param {Scenario} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {number} k6's exit status: 0, or 99 where a threshold was crossed
 */
export function runScenario(k6, name, env = process.env) {
  mkdirSync(REPORTS, { recursive: true });
  const report = join(REPORTS, `${name}.html`);
  // k6 writes no report if a run ends at once, and an older one would pass for this run's.
  rmSync(report, { force: true });
  const { status } = spawnSync(k6, ['run', '--quiet', join(ROOT, 'k6', `${name}.ts`)], {
    env: {
      K6_WEB_DASHBOARD: 'true',
      K6_WEB_DASHBOARD_EXPORT: report,
      K6_WEB_DASHBOARD_PERIOD: chartPeriod(name, env['DURATION']),
      // With a port, k6 would show live charts, but not exit until the browser window is closed.
      K6_WEB_DASHBOARD_PORT: '-1',
      ...env,
    },
    stdio: 'inherit',
  });
  console.log(existsSync(report) ? `Report: ${relative(process.cwd(), report)}` : 'No report: the run ended at once.');
  return status ?? 1;
}
