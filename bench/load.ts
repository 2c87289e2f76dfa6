import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from './statistics.js';

/** Measured performance of a service. */
export interface LoadResult {
  /** Responses with status 200. */
  readonly answered: number;
  /** Responses with status 200 per second. */
  readonly requestsPerSecond: number;
  /** Response times of responses with status 200. */
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Measured performance under overload. */
export interface OverloadResult extends LoadResult {
  /** Responses with status 503. */
  readonly refused: number;
}

/** Client behaviour. */
export interface Manners {
  /** Whether to send the body only once the service asks for it (`Expect: 100-continue`). */
  readonly askFirst?: boolean;
  /** JSON unless given. */
  readonly contentType?: string;
}

/** How often due requests are sent, in milliseconds. */
const TICK_MS = 2;

/**
 * Sends one body repeatedly: each client sends its next request when it has its response (a closed loop).
 *
 * @param requests responses to wait for, from all clients together; a few more arrive, as every client waits for its
 * last one
 * @throws Error as soon as one is not 200: a benchmark of errors measures nothing
 */
export async function load(
  url: string,
  body: Buffer,
  clients: number,
  requests: number,
  manners: Manners = {},
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  const begun = performance.now();
  const client = async (): Promise<void> => {
    while (times.length < requests) {
      const started = performance.now();
      const status = await post(url, body, agent, manners);
      if (status !== 200) throw new Error(`${url}: expected 200 but received ${status}`);
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return summary(times, (performance.now() - begun) / 1000);
}

/**
 * Sends one body at a constant rate, regardless of responses (an open loop): under overload, real clients do not wait
 * for capacity. Waits for every request; responses after the measured time are not counted.
 *
 * @throws Error if a request gets no response, or a status other than 200 and 503
 */
export async function overload(
  url: string,
  body: Buffer,
  requestsPerSecond: number,
  seconds: number,
  manners: Manners = {},
): Promise<OverloadResult> {
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  let refused = 0;
  let over = false;
  const send = async (): Promise<void> => {
    const started = performance.now();
    const status = await post(url, body, agent, manners);
    if (status !== 200 && status !== 503) throw new Error(`${url}: expected 200 or 503 but received ${status}`);
    if (over) return;
    if (status === 200) times.push(performance.now() - started);
    else refused++;
  };
  const sent: Promise<void>[] = [];
  const begun = performance.now();
  const elapsed = (): number => (performance.now() - begun) / 1000;
  while (elapsed() < seconds) {
    while (sent.length < elapsed() * requestsPerSecond) {
      const answer = send();
      // Errors are thrown below.
      answer.catch(() => undefined);
      sent.push(answer);
    }
    await delay(TICK_MS);
  }
  const result = { refused, ...summary(times, elapsed()) };
  over = true;
  await Promise.all(sent);
  agent.destroy();
  return result;
}

function summary(times: readonly number[], seconds: number): LoadResult {
  return {
    answered: times.length,
    requestsPerSecond: times.length / seconds,
    medianMs: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    p99Ms: percentile(times, 0.99),
  };
}

/** @returns the response's status, once it has been read completely */
function post(
  url: string,
  body: Buffer,
  agent: Agent,
  { askFirst = false, contentType = 'application/json' }: Manners,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': contentType,
      'content-length': body.length,
      ...(askFirst && { expect: '100-continue' }),
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        // Rejected before the body was asked for: there is nothing more to send.
        if (!sent.writableEnded) sent.destroy();
        resolve(response.statusCode ?? 0);
      });
    });
    sent.on('error', reject);
    if (askFirst) {
      sent.on('continue', () => sent.end(body));
      sent.flushHeaders();
    } else sent.end(body);
  });
}

/** The JSON body of a comparison. */
export function toBody(first: Buffer, second: Buffer): Buffer {
  const photographs = { image1_base64: first.toString('base64'), image2_base64: second.toString('base64') };
  return Buffer.from(JSON.stringify(photographs));
}
