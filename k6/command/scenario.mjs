import { BAD_USAGE, commandLine } from '../../bench/command-line.mjs';
import { toCount, toSeconds } from '../lib/values.mjs';
import { findK6, HOW_TO_GET_K6 } from './k6-binary.mjs';
import { runScenario, SCENARIOS } from './run-scenario.mjs';

/**
 * `node k6/command/scenario.mjs SCENARIO`: runs a scenario. Its options come from the environment, as k6 reads that
 * itself.
 */
const [, , name = '', ...args] = process.argv;

if (isScenario(name)) {
  commandLine({ command: `npm run k6:${name} --`, about: about(name), options: {} }, args);
  process.exitCode = run(name);
} else {
  console.error(`Say which scenario: ${Object.keys(SCENARIOS).join(', ')}.`);
  process.exitCode = BAD_USAGE;
}

/**
 * @param {string} text
 * @returns {text is import('./run-scenario.mjs').Scenario}
 */
function isScenario(text) {
  return Object.hasOwn(SCENARIOS, text);
}

/** @param {import('./run-scenario.mjs').Scenario} scenario */
function about(scenario) {
  return `${SCENARIOS[scenario]}
The environment may set BASE_URL (http://localhost:8000), VUS, DURATION and P95_MS: see docs/load-testing.md.`;
}

/**
 * @param {import('./run-scenario.mjs').Scenario} scenario
 * @returns {number} the exit status
 */
function run(scenario) {
  const problem = wrongVariable();
  if (problem !== undefined) {
    console.error(problem);
    return BAD_USAGE;
  }
  const k6 = findK6();
  if (k6 !== undefined) return runScenario(k6, scenario);
  console.error(HOW_TO_GET_K6);
  return 1;
}

/** What is wrong with the environment, in one line. */
function wrongVariable() {
  const { BASE_URL, VUS, DURATION, P95_MS } = process.env;
  try {
    if (VUS !== undefined) toCount('VUS', VUS);
    if (P95_MS !== undefined) toCount('P95_MS', P95_MS);
    if (DURATION !== undefined) toSeconds('DURATION', DURATION);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return BASE_URL === undefined || /^https?:\/\/./.test(BASE_URL) ? undefined : 'BASE_URL must be an http or https URL';
}
