import type { Options } from 'k6/options';
import { beyondThePair } from './lib/beyond-pair.ts';
import { CASES } from './lib/cases.ts';
import { thresholds } from './lib/thresholds.ts';
import { compareInTurn, WAYS } from './lib/traffic.ts';

/** Does it work at all? Every case in every combination, one after the other. */
export const options: Options = {
  scenarios: {
    smoke: { executor: 'shared-iterations', vus: 1, iterations: WAYS.length * CASES.length, maxDuration: '2m' },
    beyond: { executor: 'shared-iterations', exec: 'beyond', vus: 1, iterations: 1, maxDuration: '2m' },
  },
  thresholds: thresholds({ failed: 0, p95Ms: 3000 }),
};

const compareNext = compareInTurn(CASES);

export default function (): void {
  compareNext('is-failure');
}

export function beyond(): void {
  beyondThePair();
}
