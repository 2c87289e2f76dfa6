import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Service } from '../test/support/service.js';
import { commandLine } from './command-line.mjs';
import { hostileCallers } from './hostile-callers.js';
import { processMemoryMb } from './process-usage.js';
import { soakRequests, type SoakRequest } from './soak-requests.js';
import { send } from './fuzz/send.js';
import { Random } from './fuzz/random.js';
import { SOAK, SOAK_WARM_UP, SOAK_WINDOW } from './tools.mjs';

/*
 * `npm run soak`: a long mix of good, bad and hostile requests. Each has a known response, and the same photographs
 * must get exactly the same similarity every time, whatever runs at the same time; hostile callers run alongside. A
 * request refused as OVERLOADED is asked again: on a machine busy with other work a few may be.
 * Memory at the end is compared with memory after the 1,000th request, and may never exceed a limit. The exit status is
 * 1 if a response was wrong or memory grew.
 */

const CLIENTS = 6;
const SEED = 1;

const SAMPLE_EVERY = 25;
const MAX_GROWTH = 0.05;

/** Memory limit of a service with two workers at the end, in megabytes. */
const MAX_MEMORY_MB = 700;
const DEADLINE_MS = 60_000;

/** How often a request may be refused, as a share of all, and in a row. */
const MAX_REFUSED = 0.01;
const MAX_ATTEMPTS = 30;
const RETRY_MS = 1000;

/** What the test reads of a response. */
interface Answer {
  readonly code?: string;
  readonly image?: number;
  readonly match?: boolean;
  readonly similarity?: number;
}

const { requests, seconds: mostSeconds } = commandLine(SOAK);

const kinds = await soakRequests();
const weighted = kinds.flatMap((kind) => Array<SoakRequest>(kind.weight).fill(kind));
const service = await Service.start({ REQUEST_TIMEOUT_MS: String(DEADLINE_MS) });
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
const random = new Random(SEED);
const answers = new Map<SoakRequest, string>();
const asked = new Map<string, number>();
const memory: { readonly request: number; readonly mb: number }[] = [];
const started = performance.now();
let next = 0;
let wrong = 0;
let refused = 0;

const bodies = kinds.filter(({ kind }) => kind === 'JSON').map(({ body }) => body);
const endHostile = hostileCallers(service.url, bodies, new Random(SEED));
await Promise.all(Array.from({ length: CLIENTS }, client));
const hostile = await endHostile();
/** Fewer than requested if the time was up. */
const count = next;
const seconds = (performance.now() - started) / 1000;
agent.destroy();
await service.stop();

for (const { name, answer } of kinds.filter((kind, i) => kinds.findIndex(({ name }) => name === kind.name) === i)) {
  const verdict = answer?.match === undefined ? '' : `match ${String(answer.match)}`;
  const row = answer === undefined ? 'the same every time' : `${answer.status} ${answer.code ?? verdict}`;
  console.log(`${String(asked.get(name) ?? 0).padStart(7)}  ${row.padEnd(26)} ${name}`);
}
const before = meanMemory(SOAK_WARM_UP, SOAK_WARM_UP + SOAK_WINDOW);
const after = meanMemory(count - SOAK_WINDOW, count);
const growth = after / before - 1;
console.log(`
requests        ${count} in ${seconds.toFixed(0)} s, ${(count / seconds).toFixed(0)}/s, ${CLIENTS} clients; beside them ${hostile} hostile callers
wrong answers   ${wrong}
refused         ${refused} times and asked again, at most ${100 * MAX_REFUSED} % allowed
memory          ${before.toFixed(0)} MB after request ${SOAK_WARM_UP}, ${after.toFixed(0)} MB at the end, at most ${Math.max(...memory.map(({ mb }) => mb)).toFixed(0)} MB
growth          ${(100 * growth).toFixed(1)} %, at most ${100 * MAX_GROWTH} % allowed
limit           ${MAX_MEMORY_MB} MB`);
if (count < SOAK.options.requests.min)
  console.error('The time was up after too few requests to tell anything of memory.');
process.exitCode =
  wrong === 0 && refused <= MAX_REFUSED * count && growth <= MAX_GROWTH && after <= MAX_MEMORY_MB ? 0 : 1;

/** Sends one request at a time, each once the one before it has been answered. */
async function client(): Promise<void> {
  while (next < requests && performance.now() - started < mostSeconds * 1000) {
    const number = ++next;
    const kind = random.pick(weighted);
    asked.set(kind.name, (asked.get(kind.name) ?? 0) + 1);
    const reason = await ask(kind);
    if (reason !== undefined) {
      wrong++;
      console.error(`request ${number}, ${kind.name}: ${reason}`);
    }
    if (number % SAMPLE_EVERY === 0) memory.push({ request: number, mb: processMemoryMb(service.pid) });
    if (number % 1000 === 0) console.log(`${number} requests, ${memory.at(-1)?.mb.toFixed(0)} MB`);
  }
}

/** Sends one request and says what is wrong with the response, if anything. */
async function ask(kind: SoakRequest): Promise<string | undefined> {
  const { status, body } = await answered(kind);
  const { answer } = kind;
  if (answer === undefined && status >= 500) return `${status} ${body.code ?? ''}`;
  if (answer !== undefined) {
    if (status !== answer.status || body.code !== answer.code) return `${status} ${body.code ?? ''}`;
    if (body.image !== answer.image) return `blames image ${body.image ?? 'none'}`;
    if (body.match !== answer.match) return `match ${String(body.match)}`;
  }
  const given = `${status} ${body.code ?? ''} ${body.image ?? ''} ${body.similarity ?? ''}`;
  const known = answers.get(kind) ?? given;
  answers.set(kind, known);
  return given === known ? undefined : `${given} after ${known}`;
}

/** Sends a request until it is not refused as OVERLOADED. */
async function answered(kind: SoakRequest): Promise<{ readonly status: number; readonly body: Answer }> {
  for (let attempt = 1; ; attempt++) {
    const { status, text } = await send(service.url, kind, agent);
    const body = JSON.parse(text) as Answer;
    if (body.code !== 'OVERLOADED' || attempt === MAX_ATTEMPTS) return { status, body };
    refused++;
    await delay(RETRY_MS);
  }
}

function meanMemory(from: number, to: number): number {
  const samples = memory.filter(({ request }) => request > from && request <= to).map(({ mb }) => mb);
  return samples.reduce((sum, mb) => sum + mb, 0) / samples.length;
}
