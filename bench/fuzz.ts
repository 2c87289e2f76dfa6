import { Agent } from 'node:http';
import { photograph, Service } from '../test/support/service.js';
import { commandLine } from './command-line.mjs';
import type { FuzzCase } from './fuzz/case.js';
import { Failures } from './fuzz/failures.js';
import { judge } from './fuzz/judge.js';
import { makeCase } from './fuzz/make-case.js';
import { soundPhotographs } from './fuzz/photographs.js';
import { send } from './fuzz/send.js';
import { Random } from './fuzz/random.js';
import { shrinkCase } from './fuzz/shrink-case.js';
import { hostileCallers } from './hostile-callers.js';
import { processMemoryMb } from './process-usage.js';
import { FUZZ } from './tools.mjs';

/*
 * `npm run fuzz`: sends damaged photographs of every format and damaged bodies to the real service. Every response must
 * be a valid verdict or a well-formed client error; no worker may die, memory must not grow, and a valid comparison
 * must still get the right verdict. Otherwise the exit status is 1.
 */

const CHUNK = 500;
const CLIENTS = 6;
const MAX_FAILURES = 20;

/** Longer than any case takes on a busy machine: a request without a response by then hangs. */
const DEADLINE_MS = 30_000;

/** How long to shrink a failing case. */
const SHRINK_MS = 60_000;

/** Memory at the end is compared with memory after this share of the cases. */
const WARM_UP = 0.2;

/** Allowed growth: allocators keep what they once had; a leak of 5 kB per case exceeds this. */
const MAX_GROWTH = 0.2;

const { cases, seconds, seed, first } = commandLine(FUZZ);
const end = first + cases;
const stopAt = performance.now() + seconds * 1000;
console.log(`Seed ${seed}, cases ${first} to ${end - 1}`);

const sources = await soundPhotographs();
const service = await Service.start({ REQUEST_TIMEOUT_MS: String(DEADLINE_MS) });
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
const failures = new Failures(seed);
const bodies = sources.map(({ bytes }) => Buffer.from(JSON.stringify({ image1_base64: bytes.toString('base64') })));
const endHostile = hostileCallers(service.url, bodies, new Random(seed));
const answers = new Map<string, number>();
const started = performance.now();
let next = first;
let warm: number | undefined;

while (next < end && performance.now() < stopAt && failures.count < MAX_FAILURES && isRunning()) {
  const chunkEnd = Math.min(end, next + CHUNK);
  await Promise.all(Array.from({ length: CLIENTS }, () => client(chunkEnd)));
  const memory = isRunning() ? processMemoryMb(service.pid) : NaN;
  if (next - first >= WARM_UP * (end - first)) warm ??= memory;
  const elapsed = (performance.now() - started) / 1000;
  console.log(`${next - first} cases, ${((next - first) / elapsed).toFixed(0)}/s, ${memory.toFixed(0)} MB`);
}
const hostile = await endHostile();
const problems = await aftermath();
agent.destroy();
await service.stop();

console.log(
  `\n${[...answers]
    .sort(([, a], [, b]) => b - a)
    .map(([what, count]) => `${String(count).padStart(7)}  ${what}`)
    .join('\n')}`,
);
for (const problem of problems) console.error(problem);
if (next < end && problems.length === 0) console.log(`Stopped after ${next - first} of ${end - first} cases.`);
console.log(`\n${next - first} cases beside ${hostile} hostile callers, ${failures.count} failed; seed ${seed}`);
process.exitCode = failures.count + problems.length > 0 ? 1 : 0;

/** Sends one case at a time, each once the one before it has been answered. */
async function client(chunkEnd: number): Promise<void> {
  while (next < chunkEnd && failures.count < MAX_FAILURES) {
    const number = next++;
    const fuzzCase = makeCase(seed, number, sources);
    const reason = await ask(fuzzCase, (what) => answers.set(what, (answers.get(what) ?? 0) + 1));
    if (reason === undefined) continue;
    // If the service has died, every case would fail.
    const shrunk = await shrinkCase(
      { seed, number, sources },
      (smaller) => (isRunning() ? ask(smaller) : Promise.resolve(undefined)),
      SHRINK_MS,
    );
    failures.add(number, { fuzzCase, reason }, shrunk);
  }
}

/**
 * Sends a case.
 *
 * @returns what is wrong with the response, if anything
 */
async function ask(fuzzCase: FuzzCase, count: (what: string) => void = () => undefined): Promise<string | undefined> {
  try {
    const answer = await send(service.url, fuzzCase, agent);
    const code = /"code":"(\w+)"/.exec(answer.text)?.[1] ?? '';
    count(`${fuzzCase.kind.padEnd(17)} ${answer.status} ${code}`);
    return judge(answer, fuzzCase.codes);
  } catch (error) {
    return `no answer: ${String(error)}`;
  }
}

/** What is wrong with the service after all cases. */
async function aftermath(): Promise<string[]> {
  if (!isRunning()) return [`The service died: ${service.output.slice(-2000)}`];
  const found: string[] = [];
  const memory = processMemoryMb(service.pid);
  if (warm !== undefined && memory > warm * (1 + MAX_GROWTH)) {
    found.push(`Memory grew from ${warm.toFixed(0)} to ${memory.toFixed(0)} MB.`);
  }
  const { status, body } = await service.compare('/compare', photograph('obama.jpg'), photograph('obama2.jpg'));
  if (status !== 200 || body['match'] !== true) found.push(`A sound comparison is answered ${status}.`);
  const metrics = (await service.get('/metrics')).body['text'];
  if (!/^face_worker_restarts_total 0$/m.test(String(metrics))) found.push('Workers died.');
  if ((await service.get('/health/ready')).status !== 200) found.push('The service is not ready.');
  if (/"level":[56]0/.test(service.output)) found.push('The log has errors.');
  return found;
}

function isRunning(): boolean {
  return service.process.exitCode === null && service.process.signalCode === null;
}
