import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { DetectorName } from '../libs/face/src/index.js';
import { photograph, Service } from '../test/support/service.js';
import { measureLargePhotographs, measureOverload, measureWorkers } from './extremes.js';
import { describe, ms } from './format.js';
import { load, type LoadResult, toBody } from './load.js';
import { processCpuMs, processMemoryMb } from './process-usage.js';
import { measureStages } from './stages.js';

/*
 * `npm run bench`: what every stage costs on one thread, what the whole service costs over HTTP, and how far that is
 * from the floor. `--baseline URL` measures another service with the same API beside it (bench/baseline).
 */

const USAGE = 'usage: npm run bench -- [--requests N] [--clients N] [--baseline URL]';
const ENDPOINTS: readonly (readonly [path: string, detector: DetectorName])[] = [
  ['/compare', 'mtcnn'],
  ['/mediapipe', 'blazeface'],
];
const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '200' },
    clients: { type: 'string', default: '8' },
    baseline: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
const requests = Number(options.requests);
const clients = Number(options.clients);
const pair = [photograph('obama.jpg'), photograph('obama2.jpg')];
const body = toBody(pair[0], pair[1]);

console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}; obama.jpg and obama2.jpg\n`);
console.log('On one thread, both photographs, median ms');
const floors = new Map<string, number>();
for (const [path, detector] of ENDPOINTS) {
  const cost = await measureStages(pair, detector);
  floors.set(path, cost.floorCpuMs);
  console.log(
    `  ${path.padEnd(11)} decode ${ms(cost.decodeMs)}  detect ${ms(cost.detectMs)}  crop ${ms(cost.cropMs)}  embed ${ms(cost.embedMs)}`,
  );
}

const service = await Service.start();
const { pid } = service;
console.log('\nThe service over HTTP');
for (const [path] of ENDPOINTS) {
  await load(service.url + path, body, clients, 40);
  const single = await load(service.url + path, body, 1, requests);
  const before = processCpuMs(pid);
  const many = await load(service.url + path, body, clients, requests);
  const cpu = (processCpuMs(pid) - before) / requests;
  const floor = floors.get(path) ?? NaN;
  console.log(`  ${path.padEnd(11)} ${describe(single)}`);
  console.log(`  ${''.padEnd(11)} ${describe(many)}`);
  console.log(
    `  ${''.padEnd(11)} CPU per request ${ms(cpu)} ms, floor ${ms(floor)} ms, ratio ${(cpu / floor).toFixed(2)}`,
  );
  if (options.baseline !== undefined) await compareWithBaseline(options.baseline + path, single, many);
}
console.log(`\nMemory ${processMemoryMb(pid).toFixed(0)} MB`);
await service.stop();
await measureWorkers(body, clients, requests);
await measureLargePhotographs(clients);
await measureOverload(body, clients, requests);

async function compareWithBaseline(url: string, single: LoadResult, many: LoadResult): Promise<void> {
  await load(url, body, 1, 3);
  const theirSingle = await load(url, body, 1, 20);
  const theirMany = await load(url, body, clients, 40);
  console.log(`  ${'baseline'.padEnd(11)} ${describe(theirSingle)}`);
  console.log(`  ${''.padEnd(11)} ${describe(theirMany)}`);
  const throughput = many.requestsPerSecond / theirMany.requestsPerSecond;
  console.log(
    `  ${''.padEnd(11)} throughput ${throughput.toFixed(2)} times the baseline’s, median with one client 1/${(theirSingle.medianMs / single.medianMs).toFixed(2)}`,
  );
}
