import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { countInMemory, type RateCounter } from '../cluster/rate-counter.js';
import { ServiceError } from '../errors/service-error.js';
import { comparisonRateLimit } from './rate-limit.js';

const LIMIT = 3;

let server: Server;
afterEach(() => {
  vi.useRealTimers();
  server.close();
  server.closeAllConnections();
});

/** Starts a server with a limit per client; clients identify themselves in a header. */
async function listen(perMinute: number, counter?: RateCounter): Promise<void> {
  const limit = comparisonRateLimit(perMinute, counter);
  server = createServer((request, response) => {
    const count = async (): Promise<void> => limit(request, response, String(request.headers['x-caller']));
    count().then(
      () => response.end(),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(error instanceof ServiceError ? error.code : String(error));
      },
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
}

async function call(caller: string): Promise<{ headers: Headers; text: string }> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { headers, text } = await fetch(url, { headers: { 'x-caller': caller } }).then(async (answer) => ({
    headers: answer.headers,
    text: await answer.text(),
  }));
  return { headers, text };
}

/** The responses to successive requests; empty for those that are admitted. */
async function told(...callers: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const caller of callers) texts.push((await call(caller)).text);
  return texts;
}

describe('comparisonRateLimit', () => {
  it('allows each client its number of comparisons, regardless of the others', async () => {
    await listen(LIMIT);

    expect(await told('one', 'one', 'one', 'one', 'other')).toEqual(['', '', '', 'RATE_LIMITED', '']);
  });

  it('counts the addresses of an IPv6 /56 network as one client', async () => {
    await listen(1);

    expect(await told('2001:db8:0:1::1', '2001:db8:0:ff:a::', '2001:db8:0:100::1')).toEqual(['', 'RATE_LIMITED', '']);
  });

  it('reports what is left, and when to retry once nothing is', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await listen(1);
    const first = await call('one');
    vi.advanceTimersByTime(20_000);
    const second = await call('one');

    expect(first.headers.get('ratelimit')).toMatch(/r=0; t=60/);
    expect(first.headers.get('ratelimit-policy')).toMatch(/q=1; w=60/);
    expect(first.headers.get('retry-after')).toBeNull();
    expect(second.text).toBe('RATE_LIMITED');
    expect(second.headers.get('retry-after')).toBe('40');
  });

  it('admits a client again after a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await listen(1);
    expect(await told('one', 'one')).toEqual(['', 'RATE_LIMITED']);
    vi.advanceTimersByTime(60_000);

    expect(await told('one')).toEqual(['']);
  });

  it('counts with others where it is given a counter', async () => {
    const counter = countInMemory();
    await counter('one');
    await counter('one');
    await listen(LIMIT, counter);

    expect(await told('one', 'one', 'other')).toEqual(['', 'RATE_LIMITED', '']);
    const { headers } = await call('one');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
    expect(headers.get('ratelimit')).toMatch(/r=0; t=\d+/);
  });

  it('has no limit and sends no headers if it is 0', async () => {
    await listen(0);
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('one')));

    expect(answers.map(({ text }) => text)).toEqual(Array(10).fill(''));
    expect(answers[0].headers.get('ratelimit')).toBeNull();
  });
});
