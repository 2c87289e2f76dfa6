import { afterAll, beforeAll, expect, it } from 'vitest';
import { callerAddress } from './caller-address.js';
import { LifeServer } from './life-server.fixture.js';

let server: LifeServer;
let trustedProxies = 0;
beforeAll(async () => {
  server = await LifeServer.start(({ request, response }) => {
    response.end(callerAddress(request, trustedProxies));
  });
});
afterAll(() => server.close());

it.each<[number, string, string]>([
  [0, '1.2.3.4', '127.0.0.1'],
  [1, '1.2.3.4', '1.2.3.4'],
  [1, '1.2.3.4, 5.6.7.8', '5.6.7.8'],
  [2, '1.2.3.4, 5.6.7.8', '1.2.3.4'],
  [9, '1.2.3.4, 5.6.7.8', '1.2.3.4'],
  [1, '1.2.3.4:56789', '1.2.3.4'],
  [1, '[2001:db8::1]:56789', '2001:db8::1'],
  [1, '[2001:db8::1]', '2001:db8::1'],
  [1, '2001:db8::1', '2001:db8::1'],
  [1, 'unknown', '127.0.0.1'],
  [1, '', '127.0.0.1'],
])('behind %i proxies, X-Forwarded-For: %s gives %s', async (proxies, forwarded, address) => {
  trustedProxies = proxies;
  const answer = await fetch(server.url, { headers: { 'x-forwarded-for': forwarded } });

  expect(await answer.text()).toBe(address);
});
