import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { type Answer, isOverloaded, isRight, retryAfter, rightStatus } from './answer.ts';
import { BODY_FORMS, type Body, loadBodies } from './bodies.ts';
import { type Case, describe } from './cases.ts';
import { recordServerTiming } from './server-timing.ts';
import { BASE_URL } from './settings.ts';

/** One for each detector. */
const ENDPOINTS = ['compare', 'mediapipe'] as const;

/** Every way to ask for a comparison. */
export const WAYS = ENDPOINTS.flatMap((endpoint) => BODY_FORMS.map((body) => ({ endpoint, body })));
type Way = (typeof WAYS)[number];

/** What to make of a 503: under more load than the service can take it is fair. */
export type Refusal = 'is-fair' | 'is-failure';

/** Requests the service turned away with 503. */
const refused = new Counter('refused');

/**
 * Prepares a virtual user's work: one comparison a call, every way and every case in turn. A user who is turned away
 * waits as long as told.
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

/** @param expected statuses; an answer with another counts as a failed request */
function send({ endpoint, body }: Way, { content, headers }: Body, expected: number[]): Answer {
  return http.post(`${BASE_URL}/${endpoint}`, content, {
    headers,
    responseType: 'text',
    responseCallback: http.expectedStatuses(...expected),
    tags: { endpoint, body },
  });
}

/** Failed requests are counted by k6; whatever the service did say must be right. */
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
