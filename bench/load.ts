import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from './statistics.js';

/** How a service did under a number of clients that each send their next request when they have their answer. */
export interface LoadResult {
  readonly clients: number;
  /** Answers with status 200; more than were asked for, since every client waits for its last one. */
  readonly answered: number;
  /** Answers with status 200 per second. */
  readonly requestsPerSecond: number;
  /** Answers with status 503, where those are allowed. */
  readonly refused: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** How the clients behave. */
export interface Manners {
  /** How long a refused client waits, in milliseconds; without it 503 is an answer like any other bad one. */
  readonly retryAfterMs?: number;
  /** Whether clients send their body only once the service asks for it (`Expect: 100-continue`). */
  readonly askFirst?: boolean;
}

/**
 * Sends one body again and again.
 *
 * @param requests answers with status 200 to wait for, from all clients together
 * @throws Error as soon as another answer comes: a benchmark of errors measures nothing
 */
export async function load(
  url: string,
  body: Buffer,
  clients: number,
  requests: number,
  { retryAfterMs, askFirst = false }: Manners = {},
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let refused = 0;
  const begun = performance.now();
  let ended = begun;
  const client = async (): Promise<void> => {
    while (times.length < requests) {
      const started = performance.now();
      const status = await post(url, body, agent, askFirst);
      if (status === 200) {
        ended = performance.now();
        times.push(ended - started);
      } else if (status === 503 && retryAfterMs !== undefined) {
        refused++;
        await delay(retryAfterMs);
      } else throw new Error(`${url}: expected 200 but received ${status}`);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  // Clients that wait after a refusal come to their end later than the last answer does.
  const seconds = (ended - begun) / 1000;
  agent.destroy();
  return {
    clients,
    answered: times.length,
    requestsPerSecond: times.length / seconds,
    refused,
    medianMs: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    p99Ms: percentile(times, 0.99),
  };
}

/** @returns the status of the answer, once it is read to its end */
function post(url: string, body: Buffer, agent: Agent, askFirst: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      ...(askFirst && { expect: '100-continue' }),
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        // Who is refused before the body was asked for has nothing more to send.
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
