import type { Options, Scenario } from 'k6/options';
import { CASES } from './lib/cases.ts';
import { count, durationSeconds } from './lib/settings.ts';
import { thresholds } from './lib/thresholds.ts';
import { compareInTurn } from './lib/traffic.ts';

const third = durationSeconds('90s') / 3;

/** By then, the crowd's last requests have been answered: no request takes longer. */
const REQUEST_TIMEOUT_SECONDS = 10;

const twoClients = (startTime: number): Scenario => ({
  executor: 'constant-vus',
  exec: 'calm',
  vus: 2,
  startTime: `${startTime}s`,
  duration: `${third}s`,
});

/**
 * How does it handle a sudden crowd? Two clients, then VUS (300) at once, then two again, a third of DURATION (90s)
 * each. Only the crowd may get 503, not the clients before and after it.
 */
export const options: Options = {
  scenarios: {
    before: twoClients(0),
    crowd: {
      executor: 'constant-vus',
      exec: 'crowd',
      vus: count('VUS', 300),
      startTime: `${third}s`,
      duration: `${third}s`,
      gracefulStop: `${REQUEST_TIMEOUT_SECONDS}s`,
    },
    after: twoClients(2 * third + REQUEST_TIMEOUT_SECONDS),
  },
  thresholds: {
    ...thresholds({ failed: 0.01, p95Ms: 10_000 }),
    'http_req_failed{scenario:before}': ['rate==0'],
    'http_req_failed{scenario:after}': ['rate==0'],
    'http_req_duration{scenario:after,status:200}': ['p(95)<=2000'],
  },
};

const compareNext = compareInTurn(CASES);

export function calm(): void {
  compareNext('is-failure');
}

export function crowd(): void {
  compareNext('is-fair');
}
