import { cpus } from 'node:os';
import sharp from 'sharp';
import { COMPARISON_PATHS } from '../apps/api/src/comparison/comparison-paths.js';
import { readMetrics, total } from '../test/support/metrics.js';
import { photograph, Service } from '../test/support/service.js';
import { describe, ms } from './format.js';
import { load, overload, toBody } from './load.js';
import { cpuMs, median } from './statistics.js';

/** The metric's sampling interval; it counts as delay, so that an idle loop's is 10 ms (prom-client). */
const EVENT_LOOP_SAMPLING_MS = 10;

/** Odd, so that there is a middle value. */
const OVERLOAD_ROUNDS = 5;

/** Duration of each round, in seconds. */
const OVERLOAD_SECONDS = 8;

/** Offered load as a multiple of the service's capacity. */
const OVERLOAD = 10;

/** Measures the gain from a second worker. */
export async function measureWorkers(body: Buffer, clients: number, requests: number): Promise<void> {
  const [one, two] = [await Service.start({ WORKERS: '1' }), await Service.start({ WORKERS: '2' })];
  for (const path of Object.values(COMPARISON_PATHS)) {
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

/** Measures event-loop delay under bodies of several megabytes, which must not block the event loop. */
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
 * Sends requests at ten times the service's capacity. The clients then use ten times as much of the same cores as
 * before, a loss that the service does not cause; so throughput is reported both as measured and relative to the CPU
 * left to the service.
 */
export async function measureOverload(body: Buffer, clients: number, requests: number): Promise<void> {
  const fresh = await Service.start({ MAX_QUEUE: '32' });
  const url = `${fresh.url}/mediapipe`;
  for (const askFirst of [false, true]) {
    // Warms up both sides with thousands of rejections, until V8 has optimised them.
    const warm = await load(url, body, clients, 40, { askFirst });
    await overload(url, body, OVERLOAD * warm.requestsPerSecond, 2 * OVERLOAD_SECONDS, { askFirst });
    console.log(`\nTen times the load, from clients ${askFirst ? 'that ask before they send' : 'that send at once'}`);
    const [shares, ownShares]: number[][] = [[], []];
    for (let round = 0; round < OVERLOAD_ROUNDS; round++) {
      const peak = await withClientShare(() => load(url, body, clients, requests, { askFirst }));
      const rate = OVERLOAD * peak.requestsPerSecond;
      const over = await withClientShare(() => overload(url, body, rate, OVERLOAD_SECONDS, { askFirst }));
      const share = over.requestsPerSecond / peak.requestsPerSecond;
      shares.push(share);
      ownShares.push((share * (1 - peak.clientShare)) / (1 - over.clientShare));
      console.log(`  ${percent(share)} of the throughput: ${over.refused} refused, ${describe(over)}`);
      console.log(
        `  the clients took ${percent(peak.clientShare)} of the machine before, ${percent(over.clientShare)} here`,
      );
    }
    console.log(`  medians: ${percent(median(shares))}, of what the clients left ${percent(median(ownShares))}`);
  }
  await fresh.stop();
}

/** A task's result, and the share of the machine's cores that this process used meanwhile. */
async function withClientShare<T>(task: () => Promise<T>): Promise<T & { readonly clientShare: number }> {
  const [startedAt, before] = [performance.now(), cpuMs()];
  const result = await task();
  return { ...result, clientShare: (cpuMs() - before) / ((performance.now() - startedAt) * cpus().length) };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
