import { findK6, HOW_TO_GET_K6 } from './k6-binary.mjs';
import { runScenario, SCENARIOS } from './run-scenario.mjs';

/** Runs the scenario named as the only argument. */
const k6 = findK6();
const name = process.argv.at(2) ?? '';
if (!SCENARIOS.includes(name)) {
  console.error(`Say which scenario: ${SCENARIOS.join(', ')}.`);
  process.exitCode = 1;
} else if (k6 === undefined) {
  console.error(HOW_TO_GET_K6);
  process.exitCode = 1;
} else {
  process.exitCode = runScenario(k6, name);
}
