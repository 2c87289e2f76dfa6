import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { type Answer, isOverloaded, isRight, retryAfter, rightStatus } from './answer.ts';
import { BODY_FORMS, type Body, loadBodies } from './bodies.ts';
import { type Case, describe } from './cases.ts';
import { recordServerTiming } from './server-timing.ts';
import { BASE_URL, KEY_HEADERS } from './settings.ts';

/** One per detector. */
const ENDPOINTS = ['compare', 'mediapipe'] as const;

/** Every combination of endpoint and body. */
export const WAYS = ENDPOINTS.flatMap((endpoint) => BODY_FORMS.map((body) => ({ endpoint, body })));
type Way = (typeof WAYS)[number];

/** How to treat a 503: beyond the service's capacity, it is expected. */
export type Refusal = 'is-fair' | 'is-failure';

/** Requests rejected with 503. */
const refused = new Counter('refused');

/**
 * Prepares a virtual user's work: one comparison per call, cycling through all cases and combinations. A rejected user
 * waits as long as Retry-After says.
 */
export function compareInTurn(cases: readonly Case[]): (refusal: Refusal) => void {
  const bodyOf = loadBodies(cases);
  return (refusal) => {
    const turn = exec.scenario.iterationInTest;
    const way = WAYS[turn % WAYS.length];
    const index = Math.floor(turn / WAYS.length) % cases.length;
    const expected = [rightStatus(cases[index]), ...(refusal === 'is-fair' ? [503] : [])];
    const answer = send(way, bodyOf(index, way.body), expected);
    if (answer.status === 503) backOff(answer, way);
    else judge(answer, cases[index], way);
  };
}

/** @param expected statuses; any other counts as a failed request */
function send({ endpoint, body }: Way, { content, headers }: Body, expected: number[]): Answer {
  return http.post(`${BASE_URL}/${endpoint}`, content, {
    headers: { ...headers, ...KEY_HEADERS },
    responseType: 'text',
    responseCallback: http.expectedStatuses(...expected),
    tags: { endpoint, body },
  });
}

/** k6 counts failed requests; whatever the service did respond must be right. */
function judge(answer: Answer, pair: Case, way: Way): void {
  if (answer.status === 0 || answer.status >= 500) return;
  check(answer, { [describe(pair)]: (given) => isRight(given, pair) }, way);
  recordServerTiming(answer.headers['Server-Timing'], way);
}

function backOff(answer: Answer, way: Way): void {
  refused.add(1, way);
  const seconds = retryAfter(answer);
  check(answer, { '503 is for overload and says when to try again': () => isOverloaded(answer) && seconds > 0 }, way);
  sleep(seconds > 0 ? seconds : 1);
}
