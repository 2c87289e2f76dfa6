import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { findK6, HOW_TO_GET_K6, ROOT } from './k6-binary.mjs';
import { perfOptions } from './perf-options.mjs';
import { formatReport, parseK6Summary, toReport } from './perf-report.mjs';

/** @typedef {import('./perf-options.mjs').PerfOptions} PerfOptions */

// npm starts scripts in the repository's root; INIT_CWD is the folder it was called from.
const options = perfOptions(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
try {
  await measure(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** @param {PerfOptions} options */
async function measure(options) {
  await Promise.all([options.image1, options.image2].map(mustBeReadable));
  await mustBeReachable(options.url);
  const report = await runK6(options);
  console.log(options.json ? JSON.stringify(report, null, 2) : formatReport(report));
  if (report.successful < options.numRequests) process.exitCode = 1;
}

/** @param {string} path */
async function mustBeReadable(path) {
  await access(path, constants.R_OK).catch(() => {
    throw new Error(`${path} cannot be read`);
  });
}

/** @param {string} url */
async function mustBeReachable(url) {
  const { origin } = new URL(url);
  await fetch(origin, { signal: AbortSignal.timeout(10_000) }).catch(() => {
    throw new Error(`${origin} cannot be reached; is the service running?`);
  });
}

/** @param {PerfOptions} options */
async function runK6({ numRequests, url, image1, image2 }) {
  const k6 = findK6();
  if (k6 === undefined) throw new Error(HOW_TO_GET_K6);
  const child = spawn(k6, ['run', '--quiet', '--log-format', 'raw', join(ROOT, 'k6/perf.ts')], {
    env: {
      ...process.env,
      PERF_REQUESTS: `${numRequests}`,
      PERF_URL: url,
      PERF_IMAGE1: image1,
      PERF_IMAGE2: image2,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, log] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const summary = parseK6Summary(output);
  if (summary === undefined) throw new Error(`k6 failed: ${log.trim()}`);
  const reasons = [...log.matchAll(/^failed: (.*)$/gm)].map(([, reason = '']) => reason);
  return toReport(url, summary, reasons);
}
