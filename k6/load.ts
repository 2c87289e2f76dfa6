import type { Options } from 'k6/options';
import { CASES } from './lib/cases.ts';
import { count, durationSeconds } from './lib/settings.ts';
import { thresholds } from './lib/thresholds.ts';
import { compareInTurn } from './lib/traffic.ts';

/** How fast is it on a normal day? VUS clients (8) send requests without pause for DURATION (2m). */
export const options: Options = {
  scenarios: {
    load: { executor: 'constant-vus', vus: count('VUS', 8), duration: `${durationSeconds('2m')}s` },
  },
  thresholds: thresholds({ failed: 0.001, p95Ms: 2000 }),
};

const compareNext = compareInTurn(CASES);

export default function (): void {
  compareNext('is-failure');
}
