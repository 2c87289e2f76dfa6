import type { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { afterEach, describe, expect, it } from 'vitest';
import { get, type RawCaller } from '../../../../test/support/raw-caller.js';
import { readSettings } from '../config/settings.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { KeyRing } from '../security/api-keys.js';
import { Admission } from './admission.js';
import { BodyReader } from './body/body-reader.js';
import { Draining } from './draining.js';
import { LifeServer } from './life-server.fixture.js';
import { PendingBytes } from './pending-bytes.js';
import { RouteTable } from './routes.js';
import { WayIn, type WayInOptions } from './way-in.js';

let server: LifeServer;
let draining: Draining;
let handled: string[];
afterEach(() => server.close());

/** Opens a WayIn with /here, /metrics and /compare, whose pool has no free slot. */
async function open(options: Partial<WayInOptions> = {}): Promise<void> {
  [handled, draining] = [[], new Draining()];
  const settings = readSettings({});
  // Nothing is discovered: the paths are added by hand.
  const [discovery, scanner, reflector] = [{} as DiscoveryService, {} as MetadataScanner, {} as Reflector];
  const routes = new RouteTable(discovery, scanner, reflector, settings);
  for (const path of ['/here', '/metrics', '/docs']) routes.add(path, 'GET');
  routes.add('/compare', 'POST', { photographs: ['image1', 'image2'], options: Object, task: 'analyse' });
  const pool = { restarting: false, capacity: 2, expectedMs: () => 0 };
  const admission = new Admission({ pool } as unknown as InferenceRuntime, settings);
  admission.take(2, { arrivedAt: performance.now(), onAnswered: () => undefined });
  const bodies = new BodyReader(settings, new PendingBytes(settings));
  const takeIn = new WayIn(draining, routes, admission, bodies).open({
    headers: { 'X-Everywhere': 'yes' },
    corsOrigins: [],
    keys: new KeyRing([]),
    rateLimit: () => undefined,
    trustedProxies: 0,
    handle: (request, response) => {
      handled.push(request.url ?? '');
      response.end('handled');
    },
    ...options,
  });
  server = await LifeServer.start((life) => void takeIn(life));
}

/** The response to a raw request. */
async function ask(request: string): Promise<RawCaller> {
  const caller = (await server.connect()).read().write(request);
  await expect.poll(() => caller.received).toMatch(/\r\n\r\n/);
  return caller;
}

const problem = async (answer: Response): Promise<unknown> => ((await answer.json()) as { code: unknown }).code;

describe('WayIn', () => {
  it('admits a request, and sets the common headers', async () => {
    await open();
    const answer = await fetch(`${server.url}/here?query`);

    expect([answer.status, answer.headers.get('x-everywhere'), handled]).toEqual([200, 'yes', ['/here?query']]);
  });

  it.each([
    ['a target that is not a path', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['HTTP/1.1 without a Host header', 'GET /here HTTP/1.1\r\n\r\n', 400],
    ['two hosts', 'GET /here HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', 400],
    ['an unknown expectation', 'GET /here HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n', 417],
    ['a method that the path does not allow', get('/compare'), 405],
  ])('rejects %s', async (_, request, status) => {
    await open();
    const caller = await ask(request);

    expect(caller.statuses).toEqual([status]);
    expect(handled).toEqual([]);
  });

  it.each([
    ['HTTP/1.0 without a Host header', 'GET /here HTTP/1.0\r\n\r\n'],
    ['100-continue', 'GET /here HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\n\r\n'],
    ['a target with a host', 'GET http://elsewhere/here HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('admits %s', async (_, request) => {
    await open();
    expect((await ask(request)).statuses).toEqual([200]);
  });

  it('asks for a key if one is required', async () => {
    await open({ keys: new KeyRing(['key']) });
    const [without, withKey, docs] = await Promise.all([
      fetch(`${server.url}/metrics`),
      fetch(`${server.url}/metrics`, { headers: { 'x-api-key': 'key' } }),
      fetch(`${server.url}/docs`),
    ]);

    expect([without.status, withKey.status, docs.status]).toEqual([401, 200, 401]);
    expect(without.headers.get('www-authenticate')).toBe('Bearer');
    expect(docs.headers.get('www-authenticate')).toMatch(/^Basic /);
  });

  it('rejects a comparison without a free slot before counting it or asking for its body', async () => {
    let counted = 0;
    await open({
      rateLimit: () => {
        counted++;
      },
    });
    const caller = await ask('POST /compare HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n');

    expect(caller.statuses).toEqual([503]);
    expect(counted).toBe(0);
  });

  it('asks clients to disconnect while draining', async () => {
    await open();
    draining.start();
    const caller = await ask(get('/here'));
    await caller.closed();

    expect(caller.received).toMatch(/connection: close/i);
  });

  it('responds to preflights of the allowed origins itself', async () => {
    await open({ corsOrigins: ['https://app.example'] });
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${server.url}/compare`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });

    expect((await preflight('https://app.example')).headers.get('access-control-allow-origin')).toBe(
      'https://app.example',
    );
    expect((await preflight('https://other.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect(handled).toEqual([]);
  });

  it('responds to requests that nobody handles, hiding the reason', async () => {
    await open({
      handle: (_request, _response, next) => {
        next();
      },
    });
    const answer = await fetch(`${server.url}/here`);

    expect(answer.status).toBe(500);
    expect(await problem(answer)).toBe('INTERNAL');
    expect(server.internal).toEqual([new Error('nobody has handled the request')]);
  });
});
