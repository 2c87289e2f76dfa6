import http, { type RefinedResponse } from 'k6/http';
import type { Options } from 'k6/options';
import { jsonBody } from './lib/bodies.ts';
import { recordServerTiming } from './lib/server-timing.ts';
import { count, KEY_HEADERS } from './lib/settings.ts';

/** All requests at once, one from each virtual user. `command/perf.mjs` starts this and sets the environment. */
export const options: Options = {
  scenarios: {
    burst: { executor: 'per-vu-iterations', vus: count('PERF_REQUESTS', 10), iterations: 1 },
  },
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(95)', 'p(99)'],
};

/** k6 has a console; @types/k6 leaves it to the DOM's types, most of which k6 has not. */
declare const console: { error(line: string): void };

const url = __ENV['PERF_URL'];
const body = jsonBody(open(__ENV['PERF_IMAGE1'], 'b'), open(__ENV['PERF_IMAGE2'], 'b'));

export default function (): void {
  const response = http.post(url, body, {
    headers: { 'Content-Type': 'application/json', ...KEY_HEADERS },
    responseType: 'text',
    responseCallback: http.expectedStatuses(200),
  });
  if (response.status === 200) recordServerTiming(response.headers['Server-Timing'], {});
  else console.error(`failed: ${reason(response)}`);
}

/** The reason in a few words, identical for all requests that failed the same way. */
function reason({ status, error, body, headers }: RefinedResponse<'text'>): string {
  if (status === 0) return error;
  const { 'Content-Type': type = '' } = headers;
  if (!type.startsWith('application/problem+json')) return `${status}`;
  const { code, detail } = JSON.parse(body) as { code: string; detail: string };
  return `${status} ${code}: ${detail}`;
}

/** Passes k6's numbers to the command. */
export function handleSummary(data: unknown): Record<string, string> {
  return { stdout: JSON.stringify(data) };
}
