import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { COMPARISON_PATHS } from '../apps/api/src/comparison/comparison-paths.js';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { lineChart, type Series } from '../apps/cli/src/charts/line-chart.js';
import { renderSvg } from '../apps/cli/src/charts/render-svg.js';
import { photograph, Service } from '../test/support/service.js';
import { commandLine } from './command-line.mjs';
import { load, toBody } from './load.js';
import { median } from './statistics.js';
import { SWEEP } from './tools.mjs';

/*
 * `npm run bench:sweep`: how cost grows with the photographs' size, with clients and with workers. Prints tables and
 * draws charts into docs/charts.
 */

const SIDES = [300, 600, 1000, 1500, 2000, 3000, 4000];
const CLIENTS = [1, 2, 4, 8, 16, 32];
const WORKERS = [1, 2];
const ENDPOINTS = Object.values(COMPARISON_PATHS);
const STAGES = ['decode', 'detect', 'crop', 'embed'] as const;

const { requests } = commandLine(SWEEP);
const charts = join(PACKAGE_ROOT, 'docs/charts');
mkdirSync(charts, { recursive: true });
console.log(
  'About three minutes with the default number of requests; docs/charts is overwritten at the end of each part.',
);

const pair = toBody(photograph('obama.jpg'), photograph('obama2.jpg'));

await sweepSizes();
await sweepClientsAndWorkers();

/** Stage times of one photograph by its size, as reported by the service. */
async function sweepSizes(): Promise<void> {
  const service = await Service.start({ WORKERS: '1' });
  for (const endpoint of ENDPOINTS) {
    const lines = new Map<string, [number, number][]>(STAGES.map((stage) => [stage, []]));
    console.log(`\n${endpoint}: median ms of each stage over megapixels`);
    for (const side of SIDES) {
      const image = await sharp(photograph('obama3.jpg')).resize(side, side, { fit: 'inside' }).jpeg().toBuffer();
      const { width, height } = await sharp(image).metadata();
      const megapixels = (width * height) / 1e6;
      const times = await stageTimes(service, endpoint, image);
      for (const stage of STAGES) lines.get(stage)?.push([megapixels, times[stage]]);
      const row = STAGES.map((stage) => `${stage} ${times[stage].toFixed(1).padStart(6)}`).join('  ');
      console.log(`  ${`${width}×${height}`.padEnd(10)} ${megapixels.toFixed(2).padStart(5)} MP  ${row}`);
    }
    const series = [...lines].map(([name, points]): Series => ({ name, points }));
    const title = `POST ${endpoint}: one photograph, stage by stage`;
    await draw(`size${endpoint.replace('/', '-')}.svg`, title, 'megapixels', 'median ms', series);
  }
  await service.stop();
}

async function stageTimes(service: Service, endpoint: string, image: Buffer): Promise<Record<string, number>> {
  const samples: Record<string, number[]> = {};
  for (let i = 0; i < 12; i++) {
    const { headers } = await service.compare(endpoint, image, image);
    for (const [, stage, ms] of (headers.get('server-timing') ?? '').matchAll(/([a-z]+)\d;dur=([\d.]+)/g)) {
      if (i > 1) (samples[stage] ??= []).push(Number(ms));
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([stage, values]) => [stage, median(values)]));
}

async function sweepClientsAndWorkers(): Promise<void> {
  const throughput: Series[] = [];
  const latency: Series[] = [];
  for (const workers of WORKERS) {
    const service = await Service.start({ WORKERS: String(workers) });
    for (const endpoint of ENDPOINTS) {
      const name = `${endpoint}, ${workers} worker${workers === 1 ? '' : 's'}`;
      console.log(`\n${name}`);
      await load(service.url + endpoint, pair, 4, 20);
      const results = [];
      for (const clients of CLIENTS) {
        const result = await load(service.url + endpoint, pair, clients, requests);
        results.push({ clients, ...result });
        console.log(
          `  ${String(clients).padStart(2)} clients  ${result.requestsPerSecond.toFixed(1).padStart(6)} requests/s  median ${result.medianMs.toFixed(0).padStart(5)} ms`,
        );
      }
      throughput.push({ name, points: results.map(({ clients, requestsPerSecond }) => [clients, requestsPerSecond]) });
      latency.push({ name, points: results.map(({ clients, medianMs }) => [clients, medianMs]) });
    }
    await service.stop();
  }
  await draw('throughput.svg', 'Throughput over clients', 'clients', 'requests/s', throughput);
  await draw('latency.svg', 'Median response time over clients', 'clients', 'ms', latency);
}

async function draw(
  file: string,
  title: string,
  xLabel: string,
  yLabel: string,
  series: readonly Series[],
): Promise<void> {
  writeFileSync(join(charts, file), await renderSvg(lineChart({ title, xLabel, yLabel, series })));
}
