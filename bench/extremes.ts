import sharp from 'sharp';
import { readMetrics, total } from '../test/support/metrics.js';
import { photograph, Service } from '../test/support/service.js';
import { describe, ms } from './format.js';
import { load, toBody } from './load.js';
import { withCpuMs } from './process-usage.js';
import { median } from './statistics.js';

/** How often the metric looks; it counts this interval as delay, so that an idle loop's is 10 ms (prom-client). */
const EVENT_LOOP_SAMPLING_MS = 10;

/** Odd, so that there is one in the middle. The first one also runs code that was not run before. */
const OVERLOAD_ROUNDS = 5;

/** What a second worker adds. */
export async function measureWorkers(body: Buffer, clients: number, requests: number): Promise<void> {
  const [one, two] = [await Service.start({ WORKERS: '1' }), await Service.start({ WORKERS: '2' })];
  for (const path of ['/compare', '/mediapipe']) {
    const rates = [0, 0];
    for (let round = 0; round < 3; round++) {
      for (const [i, { url }] of [one, two].entries()) {
        await load(url + path, body, clients, 10);
        rates[i] = Math.max(rates[i], (await load(url + path, body, clients, requests / 2)).requestsPerSecond);
      }
    }
    console.log(`${path.padEnd(11)} two workers do ${(rates[1] / rates[0]).toFixed(2)} times the work of one`);
  }
  await one.stop();
  await two.stop();
}

/** Bodies of several megabytes must not hold the event loop up. */
export async function measureLargePhotographs(clients: number): Promise<void> {
  const large = await sharp(photograph('obama3.jpg')).resize(2600).jpeg({ quality: 96 }).toBuffer();
  const largeBody = toBody(large, large);
  const fresh = await Service.start();
  await load(`${fresh.url}/mediapipe`, largeBody, clients, 16);
  await fresh.get('/metrics');
  const result = await load(`${fresh.url}/mediapipe`, largeBody, clients, 64);
  const lagMs = total(await readMetrics(fresh), 'nodejs_eventloop_lag_p99_seconds') * 1000;
  await fresh.stop();
  console.log(`\nPhotographs of ${(large.length / 1e6).toFixed(1)} MB: ${describe(result)}`);
  console.log(`  event-loop delay, 99th percentile ${ms(lagMs - EVENT_LOOP_SAMPLING_MS)} ms`);
}

/**
 * Ten times the requests it can serve, from clients that wait for a second when they are refused, as they are told. They
 * share the cores with the service, so its own CPU time is told as well.
 */
export async function measureOverload(body: Buffer, clients: number, requests: number): Promise<void> {
  const fresh = await Service.start({ MAX_QUEUE: '32' });
  const url = `${fresh.url}/mediapipe`;
  await load(url, body, clients, 40);
  for (const askFirst of [false, true]) {
    console.log(`\nOverload, clients ${askFirst ? 'that ask before they send' : 'that send at once'}`);
    const shares: number[] = [];
    for (let round = 0; round < OVERLOAD_ROUNDS; round++) {
      const busy = await withCpuMs(fresh.pid, () => load(url, body, clients, requests, { askFirst }));
      const crowd = Math.round(10 * busy.requestsPerSecond);
      const over = await withCpuMs(fresh.pid, () => load(url, body, crowd, requests, { askFirst, retryAfterMs: 1000 }));
      shares.push(over.requestsPerSecond / busy.requestsPerSecond);
      console.log(`  ${percent(shares[round])} of the throughput; ${over.refused} refused, ${describe(over)}`);
      const [before, after] = [busy, over].map(({ cpuMs, answered }) => ms(cpuMs / answered));
      console.log(`  the service’s CPU per comparison ${before} ms with ${clients} clients, ${after} ms here`);
    }
    console.log(`  median of the rounds ${percent(median(shares))}`);
  }
  await fresh.stop();
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
