import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { jsonBody } from './support/bodies.js';
import { Proxy } from './support/proxy.js';
import { photograph, Service } from './support/service.js';

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');

it('SIGTERM lets requests in progress finish, accepts no new ones and exits with 0', async () => {
  const service = await Service.start();
  const underWay = Array.from({ length: 12 }, () => service.compare('/compare', obama, obama2));
  await delay(150);
  service.process.kill('SIGTERM');
  const exited = once(service.process, 'exit');

  for (const { status, body } of await Promise.all(underWay)) {
    expect(status).toBe(200);
    expect(body).toMatchObject({ match: true });
  }
  expect(await exited).toEqual([0, null]);
  await expect(service.get('/')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

it('SIGTERM makes it report not ready while it still responds', async () => {
  const service = await Service.start({ DRAIN_DELAY_MS: '3000' });
  service.process.kill('SIGTERM');
  const exited = once(service.process, 'exit');
  await expect.poll(async () => (await service.get('/health/ready')).status).toBe(503);

  expect((await service.get('/health/ready')).body).toMatchObject({ status: 'draining' });
  expect((await service.get('/health/live')).status).toBe(200);
  expect((await service.compare('/mediapipe', obama, obama2)).status).toBe(200);
  expect(await exited).toEqual([0, null]);
});

it('a rolling restart behind a proxy loses no request', async () => {
  const env = { DRAIN_DELAY_MS: '400', WORKERS: '1' };
  const proxy = await Proxy.start();
  const services = [await Service.start(env), await Service.start(env)];
  for (const { url } of services) proxy.add(url);
  await proxy.check();

  const body = jsonBody(obama, obama2);
  const statuses: number[] = [];
  let restarting = true;
  const client = async (): Promise<void> => {
    while (restarting) {
      const headers = { 'content-type': 'application/json' };
      statuses.push((await fetch(`${proxy.url}/mediapipe`, { method: 'POST', body, headers })).status);
    }
  };
  const clients = Promise.all([client(), client(), client()]);
  for (const [i, old] of services.entries()) {
    const fresh = await Service.start(env);
    proxy.add(fresh.url);
    await proxy.check();
    old.process.kill('SIGTERM');
    expect(await once(old.process, 'exit')).toEqual([0, null]);
    proxy.remove(old.url);
    services[i] = fresh;
  }
  restarting = false;
  await clients;
  proxy.stop();
  await Promise.all(services.map((service) => service.stop()));

  expect(statuses.length).toBeGreaterThan(20);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
});
