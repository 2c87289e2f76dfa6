import { COMPARISON_PATHS } from '../apps/api/src/comparison/comparison-paths.js';
import type { DetectorName } from '../libs/face/src/index.js';
import { photograph, Service } from '../test/support/service.js';
import { measureBeside } from './beside.js';
import { measureBeyondPair } from './beyond-pair.js';
import { measureLargePhotographs, measureOverload, measureWorkers } from './capacity.js';
import { commandLine } from './command-line.mjs';
import { describe, machine, ms } from './format.js';
import { load, type LoadResult, toBody } from './load.js';
import { processMemoryMb, withCpuMs } from './process-usage.js';
import { prepareStages } from './stages.js';
import { median } from './statistics.js';
import { BENCH } from './tools.mjs';

/*
 * `npm run bench`: cost of every stage on one thread, cost of the whole service over HTTP, and how far that is from the
 * floor. `--baseline URL` also measures another service with the same API (bench/baseline), `--beside FOLDER` another
 * version of this one.
 */

const ENDPOINTS = Object.entries(COMPARISON_PATHS) as [DetectorName, string][];

/** Odd, so that there is a middle value. */
const ROUNDS = 3;

const { requests, clients, baseline, beside } = commandLine(BENCH);
const pair = [photograph('obama.jpg'), photograph('obama2.jpg')];
const body = toBody(pair[0], pair[1]);

console.log(`${machine()}; obama.jpg and obama2.jpg`);
console.log(`About ${baseline === undefined ? 'ten' : 'twelve'} minutes with the default number of requests.\n`);
const service = await Service.start();
for (const [detector, path] of ENDPOINTS) await measureEndpoint(path, detector);
console.log(`\nMemory ${processMemoryMb(service.pid).toFixed(0)} MB`);
await service.stop();
if (beside !== undefined) await measureBeside(beside, body);
await measureBeyondPair(clients, requests);
await measureWorkers(body, clients, requests);
await measureLargePhotographs(clients);
await measureOverload(body, clients, requests);

/** Measures one endpoint in several rounds: the machine's speed may vary, so only interleaved measurements compare. */
async function measureEndpoint(path: string, detector: DetectorName): Promise<void> {
  const [cpuRatios, throughputRatios, medianRatios]: number[][] = [[], [], []];
  const measureStages = await prepareStages(pair, detector);
  for (let round = 1; round <= ROUNDS; round++) {
    const cost = await measureStages();
    const stages = `decode ${ms(cost.decodeMs)}  detect ${ms(cost.detectMs)}  crop ${ms(cost.cropMs)}  embed ${ms(cost.embedMs)}`;
    const ours = await measureService(service.url + path, service.pid);
    cpuRatios.push(ours.cpuMs / cost.floorCpuMs);
    console.log(`${path}, round ${round}`);
    console.log(`  one thread, median ms  ${stages}`);
    console.log(`  service    1 client   ${describe(ours.single)}`);
    console.log(`             ${clients} clients  ${describe(ours.many)}`);
    console.log(`  CPU per request ${ms(ours.cpuMs)} ms, floor ${ms(cost.floorCpuMs)} ms`);
    if (baseline === undefined) continue;
    const theirs = await measureBaseline(baseline + path);
    throughputRatios.push(ours.many.requestsPerSecond / theirs.many.requestsPerSecond);
    medianRatios.push(theirs.single.medianMs / ours.single.medianMs);
    console.log(`  baseline   1 client   ${describe(theirs.single)}`);
    console.log(`             ${clients} clients  ${describe(theirs.many)}`);
  }
  console.log(`${path}, medians of the rounds: CPU ${median(cpuRatios).toFixed(2)} times the floor`);
  if (baseline === undefined) return;
  console.log(
    `  throughput ${median(throughputRatios).toFixed(2)} times the baseline’s, median with one client 1/${median(medianRatios).toFixed(2)}\n`,
  );
}

async function measureService(
  url: string,
  pid: number,
): Promise<{ single: LoadResult; many: LoadResult; cpuMs: number }> {
  await load(url, body, clients, 40);
  const single = await load(url, body, 1, requests / 2);
  const many = await withCpuMs(pid, () => load(url, body, clients, requests));
  return { single, many, cpuMs: many.cpuMs / many.answered };
}

/** The baseline is slow; a few requests are enough. */
async function measureBaseline(url: string): Promise<{ single: LoadResult; many: LoadResult }> {
  await load(url, body, 1, 3);
  return { single: await load(url, body, 1, 15), many: await load(url, body, clients, 32) };
}
