import { randomInt } from 'node:crypto';

/*
 * Every tool's command line. Kept apart from the tools, which have to be built first, so that `--help` and wrong
 * arguments are answered at once (run.mjs).
 */

/** `npm run soak` compares memory from this request on: by then the workers have seen every size. */
export const SOAK_WARM_UP = 1000;

/** Memory is averaged over this many requests: a single sample says little while photographs come and go. */
export const SOAK_WINDOW = 500;

export const BENCH = /** @type {const} */ ({
  command: 'npm run bench --',
  about: `Measures what a comparison costs: every stage on one thread, the service over HTTP, large photographs, an overload.
Takes about ten minutes on two cores, and two more with a baseline.`,
  options: {
    requests: { type: 'number', default: 200, min: 2, max: 100_000, what: 'requests of each measurement' },
    clients: { type: 'number', default: 8, min: 1, max: 1000, what: 'clients at a time' },
    baseline: { type: 'url', what: 'another service to measure beside it: see bench/baseline' },
    beside: { type: 'build', what: 'a folder with another version, built, to compare CPU time with' },
  },
});

export const SWEEP = /** @type {const} */ ({
  command: 'npm run bench:sweep --',
  about: `Measures how cost grows with photographs, clients and workers. Takes about three minutes on two cores.
Overwrites the charts in docs/charts.`,
  options: {
    requests: { type: 'number', default: 60, min: 1, max: 100_000, what: 'requests of each measurement' },
  },
});

export const FEED = /** @type {const} */ ({
  command: 'npm run bench:feed --',
  about: `Measures what a service's main threads spend on a request, in one process and in several: workers that answer
at once take the place of the models. Then compares both with the real models. Takes about three minutes. Linux only.`,
  options: {
    requests: { type: 'number', default: 400, min: 20, max: 100_000, what: 'requests of each measurement' },
    clients: { type: 'number', default: 16, min: 1, max: 1000, what: 'clients at a time' },
    processes: { type: 'number', default: 2, min: 2, max: 64, what: 'processes to compare with one' },
  },
});

export const FUZZ = /** @type {const} */ ({
  command: 'npm run fuzz --',
  about: `Sends damaged photographs and bodies to a service of its own. Exits with 1 where it met a failure.`,
  options: {
    cases: { type: 'number', default: 20_000, min: 1, what: 'how many' },
    seconds: { type: 'number', default: 1200, min: 1, what: 'the most it may take' },
    seed: {
      type: 'number',
      default: randomInt(2 ** 31),
      max: 2 ** 32 - 1,
      shown: 'random',
      what: 'what the cases are made from',
    },
    first: { type: 'number', default: 0, what: 'the first case' },
  },
});

export const SOAK = /** @type {const} */ ({
  command: 'npm run soak --',
  about: `Sends good, bad and hostile requests for a long time to a service of its own.
Exits with 1 where an answer was wrong or memory grew.`,
  options: {
    requests: {
      type: 'number',
      default: 20_000,
      // Fewer say nothing about memory.
      min: SOAK_WARM_UP + 2 * SOAK_WINDOW,
      what: 'how many',
    },
    seconds: { type: 'number', default: 3600, min: 1, what: 'the most it may take' },
  },
});

export const SCHEMA = /** @type {const} */ ({
  command: 'npm run test:schema --',
  about: `Has schemathesis make requests from /openapi.json and check the answers of a service of its own.
Takes Python 3.10 or newer, into which it is installed on first use.`,
  options: {},
});

export const QUALITY = /** @type {const} */ ({
  command: 'npm run bench:quality --',
  about: `Damages labelled photographs step by step and shows what each damage does to the measures of quality and to the
comparison. Takes about five seconds a photograph and detector. Overwrites the charts quality-*.svg in docs/charts.`,
  options: {
    photographs: {
      type: 'text',
      default: 'test/photographs',
      what: 'a folder per person, or files such as person-1.jpg',
    },
  },
});

export const TOOLS = {
  bench: BENCH,
  sweep: SWEEP,
  feed: FEED,
  fuzz: FUZZ,
  soak: SOAK,
  schema: SCHEMA,
  quality: QUALITY,
};
