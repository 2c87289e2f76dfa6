import type { Options } from 'k6/options';
import { CASES_OF_MANY_SIZES } from './lib/cases.ts';
import { count, durationSeconds } from './lib/settings.ts';
import { thresholds } from './lib/thresholds.ts';
import { compareInTurn } from './lib/traffic.ts';

/** Does it stay as it is? VUS clients (4) for DURATION (2h), with photographs of many sizes. */
export const options: Options = {
  scenarios: {
    soak: { executor: 'constant-vus', vus: count('VUS', 4), duration: `${durationSeconds('2h')}s` },
  },
  thresholds: thresholds({ failed: 0.001, p95Ms: 2000 }),
};

const compareNext = compareInTurn(CASES_OF_MANY_SIZES);

export default function (): void {
  compareNext('is-failure');
}
