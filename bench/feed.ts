import { jsonBody, multipart } from '../test/support/bodies.js';
import { processesOf } from '../test/support/processes.js';
import { photograph, Service } from '../test/support/service.js';
import { commandLine } from './command-line.mjs';
import { machine, ms } from './format.js';
import { load, type LoadResult } from './load.js';
import { mainThreadCpuMs } from './process-usage.js';
import { cpuMs, median } from './statistics.js';
import { FEED } from './tools.mjs';

/*
 * `npm run bench:feed`: how many requests a service's processes can take in and answer when the workers take no time.
 * The services take turns, because the machine's speed varies; on a machine with few cores the clients, which are in
 * this process, limit the throughput of several processes, but not what their main threads spend on a request.
 */

/** The service with workers that answer at once, once built. */
const PROGRAM = 'dist/bench/feed/service.js';

/** Odd, so that there is a middle value. */
const ROUNDS = 5;

/** Short ones, because the models keep every core busy, and what else runs on the machine shows at once. */
const MODEL_ROUNDS = 15;

/** A main thread should not be busier than this on average: above it, requests begin to wait for it. */
const BUSY_SHARE = 0.7;

const { requests, clients, processes } = commandLine(FEED);
const [first, second] = [photograph('obama.jpg'), photograph('obama2.jpg')];

/** As long as curl's: searching a body for a shorter one takes longer. */
const BOUNDARY = '------------------------d74496d66958873e4a7c5b';

/** A body as sent. */
interface Sent {
  readonly body: Buffer;
  readonly contentType: string;
}

const BODIES: Readonly<Record<string, Sent>> = {
  JSON: { body: Buffer.from(jsonBody(first, second)), contentType: 'application/json' },
  form: {
    body: multipart(
      [
        { name: 'image1', filename: 'obama.jpg', content: first },
        { name: 'image2', filename: 'obama2.jpg', content: second },
      ],
      { boundary: BOUNDARY },
    ),
    contentType: `multipart/form-data; boundary=${BOUNDARY}`,
  },
};

interface Measured extends LoadResult {
  /** CPU time of all main threads per request, in milliseconds. */
  readonly mainMs: number;
  /** That of the primary, which several processes have. */
  readonly primaryMs: number;
  /** That of the clients. */
  readonly clientMs: number;
}

console.log(`${machine()}; obama.jpg and obama2.jpg`);
console.log(`Workers that answer at once; ${clients} clients; medians of ${ROUNDS} rounds in turn\n`);
const numbers = [1, processes];
const services = await Promise.all(
  numbers.map((number) =>
    Service.start({ PROCESSES: String(number), WORKERS: String(processes), LOG_LEVEL: 'info' }, PROGRAM),
  ),
);
for (const [kind, sent] of Object.entries(BODIES)) {
  const rounds: Measured[][] = services.map(() => []);
  for (const service of services) await load(`${service.url}/compare`, sent.body, clients, requests, sent);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, service] of services.entries()) rounds[i].push(await measure(service, sent));
  }
  for (const [i, measured] of rounds.entries()) print(kind, numbers[i], measured);
}
for (const service of services) await service.stop();
await compareWithModels();

async function measure(service: Service, sent: Sent): Promise<Measured> {
  const children = numbers[services.indexOf(service)] > 1 ? processesOf(service) : [];
  const usage = (): number[] => [service.pid, ...children].map(mainThreadCpuMs);
  const [before, clientBefore] = [usage(), cpuMs()];
  const result = await load(`${service.url}/compare`, sent.body, clients, requests, sent);
  const [own, ...others] = usage().map((after, i) => (after - before[i]) / result.answered);
  return {
    ...result,
    mainMs: children.length === 0 ? own : others.reduce((sum, each) => sum + each, 0),
    primaryMs: children.length === 0 ? 0 : own,
    clientMs: (cpuMs() - clientBefore) / result.answered,
  };
}

/** With the real models, as many workers either way: what dividing them among processes costs or gains. */
async function compareWithModels(): Promise<void> {
  const real = await Promise.all(
    numbers.map((number) => Service.start({ PROCESSES: String(number), WORKERS: String(processes) })),
  );
  const { body } = BODIES['JSON'];
  const ratios: number[] = [];
  for (const { url } of real) await load(`${url}/mediapipe`, body, clients, requests / 10);
  for (let round = 0; round < MODEL_ROUNDS; round++) {
    const rates: number[] = [];
    for (const { url } of real) {
      rates.push((await load(`${url}/mediapipe`, body, clients, requests / 10)).requestsPerSecond);
    }
    ratios.push(rates[1] / rates[0]);
  }
  for (const service of real) await service.stop();
  console.log(
    `\nReal models, ${processes} workers: ${processes} processes do ${median(ratios).toFixed(2)} times the work of one (rounds: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`,
  );
}

function print(kind: string, number: number, measured: readonly Measured[]): void {
  const of = (name: 'requestsPerSecond' | 'medianMs' | 'mainMs' | 'primaryMs' | 'clientMs'): number =>
    median(measured.map((one) => one[name]));
  const feeds = (number * BUSY_SHARE * 1000) / of('mainMs');
  console.log(
    `${kind}, ${number} ${number === 1 ? 'process' : 'processes'}: ${of('requestsPerSecond').toFixed(0)} requests/s, median ${ms(of('medianMs'))} ms`,
  );
  console.log(
    `  CPU per request: main threads ${of('mainMs').toFixed(2)} ms, primary ${of('primaryMs').toFixed(2)} ms, clients ${of('clientMs').toFixed(2)} ms`,
  );
  console.log(`  derived: ${feeds.toFixed(0)} requests/s with main threads ${100 * BUSY_SHARE} % busy`);
}
