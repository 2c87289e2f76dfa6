import { Agent, request } from 'node:http';
import { percentile } from './statistics.js';

/** How a service did under a number of clients that each send their next request when they have their answer. */
export interface LoadResult {
  readonly clients: number;
  readonly requestsPerSecond: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/**
 * Sends one body again and again.
 *
 * @throws Error as soon as an answer is not 200: a benchmark of errors measures nothing
 */
export async function load(url: string, body: string, clients: number, requests: number): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let left = requests;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const started = performance.now();
      await post(url, body, agent);
      times.push(performance.now() - started);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  return {
    clients,
    requestsPerSecond: requests / seconds,
    medianMs: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    p99Ms: percentile(times, 0.99),
  };
}

function post(url: string, body: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url}: expected 200 but received ${response.statusCode}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
