import type { Options } from 'k6/options';
import { CASES } from './lib/cases.ts';
import { count, durationSeconds } from './lib/settings.ts';
import { thresholds } from './lib/thresholds.ts';
import { compareInTurn } from './lib/traffic.ts';

const VUS = count('VUS', 200);
const step = `${durationSeconds('5m') / 5}s`;

/**
 * Where is its limit, and does it degrade gracefully? The number of clients grows to VUS (200), then drops to none,
 * over DURATION (5m). Beyond the queue's capacity, 503 is the expected response.
 */
export const options: Options = {
  scenarios: {
    stress: {
      executor: 'ramping-vus',
      stages: [0.25, 0.5, 0.75, 1, 0].map((part) => ({ duration: step, target: Math.ceil(part * VUS) })),
    },
  },
  thresholds: thresholds({ failed: 0.01, p95Ms: 10_000 }),
};

const compareNext = compareInTurn(CASES);

export default function (): void {
  compareNext('is-fair');
}
