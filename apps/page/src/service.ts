import type { Comparison, Problem, Status } from './answers.js';
import { readServerTiming } from './server-timing.js';

/** The endpoint that compares with each detector, relative to the page. */
export const ENDPOINTS: Readonly<Record<string, string>> = { mtcnn: 'compare', blazeface: 'mediapipe' };

/** Options of a comparison. */
export interface Options {
  readonly detector: string;
  /** As entered; empty for the service's own. */
  readonly threshold: string;
}

/** A comparison's answer, and what its headers and the browser say of the time it took. */
export interface Answered {
  readonly comparison: Comparison;
  /** Milliseconds of each stage, in order, by its name in Server-Timing. */
  readonly stages: ReadonlyMap<string, number>;
  /** Milliseconds between sending the request and having its answer. */
  readonly roundTripMs: number;
}

/** An answer that is an error. */
export class ServiceProblem extends Error {
  /** @param retryAfter seconds to wait before it makes sense to try again; undefined if the service names none */
  constructor(
    readonly status: number,
    readonly problem: Problem,
    readonly retryAfter?: number,
  ) {
    super(problem.detail);
  }
}

/** The URL of an endpoint, wherever the page is served. */
export const urlOf = (path: string): string => new URL(path, document.baseURI).href;

/** The service, or the network on the way to it, gave no answer. */
export class Unreachable extends Error {}

/** Asks what is running. @throws ServiceProblem or Unreachable */
export async function askStatus(): Promise<Status> {
  const { text } = await send('./', { headers: { Accept: 'application/json' } });
  return parsed(text) as Status;
}

/**
 * Compares two photographs, which are sent as they are.
 *
 * @param key sent if there is one
 * @param signal takes the request back
 * @throws ServiceProblem or Unreachable
 */
export async function compare(
  files: readonly [File, File],
  options: Options,
  key: string | undefined,
  signal: AbortSignal,
): Promise<Answered> {
  const body = new FormData();
  files.forEach((file, i) => {
    body.append(`image${i + 1}`, file);
  });
  if (options.threshold !== '') body.append('threshold', options.threshold);
  const headers = { Accept: 'application/json', ...(key !== undefined && { 'X-API-Key': key }) };
  const started = performance.now();
  const { text, response } = await send(ENDPOINTS[options.detector], { method: 'POST', body, headers, signal });
  const comparison = parsed(text) as Comparison;
  const stages = readServerTiming(response.headers.get('Server-Timing') ?? '');
  return { comparison, stages, roundTripMs: performance.now() - started };
}

/** @throws Unreachable if it is no JSON: a proxy or a sign-in page has answered in the service's place */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreachable('Something else than the service has answered.');
  }
}

async function send(path: string, init: RequestInit): Promise<{ text: string; response: Response }> {
  const [response, text] = await exchange(path, init).catch(() => {
    throw new Unreachable('The service cannot be reached.');
  });
  if (!response.ok) throw problemOf(response, text);
  return { text, response };
}

async function exchange(path: string, init: RequestInit): Promise<[response: Response, text: string]> {
  const response = await fetch(urlOf(path), init);
  return [response, await response.text()];
}

/** What a proxy answers in the service's place need not be a problem document. */
function problemOf(response: Response, text: string): ServiceProblem {
  const retryAfter = Number(response.headers.get('Retry-After') ?? NaN);
  return new ServiceProblem(response.status, readProblem(text, response), retryAfter > 0 ? retryAfter : undefined);
}

function readProblem(text: string, { status, statusText }: Response): Problem {
  try {
    const parsed = JSON.parse(text) as Partial<Problem>;
    if (typeof parsed.detail === 'string') return { code: '', ...parsed, detail: parsed.detail };
  } catch {
    // Not JSON.
  }
  return { code: '', detail: `The answer was ${status} ${statusText}`.trim() + '.' };
}
