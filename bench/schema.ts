import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { Service } from '../test/support/service.js';

/*
 * `npm run test:schema`: schemathesis makes requests from /openapi.json, sound ones and broken ones, and checks that the
 * running service answers as the document says. It is installed into .tools on first use, which takes Python 3.10+.
 */

const VERSION = '4.32.5';
const FOLDER = join(PACKAGE_ROOT, '.tools/schemathesis');

/** A folder of its own for each version, so that another one is installed when the number above changes. */
const ENVIRONMENT = join(FOLDER, VERSION);
const SCHEMATHESIS = join(ENVIRONMENT, 'bin/schemathesis');

/**
 * Not among them: that every request that fits the schema is accepted. A schema cannot say that a text must be the
 * base64 of a photograph with a face.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
];

const MAX_EXAMPLES = '100';
const SEED = '1';

mkdirSync(FOLDER, { recursive: true });
if (!existsSync(SCHEMATHESIS)) await install();
const service = await Service.start();
process.exitCode = await run(SCHEMATHESIS, [
  'run',
  `${service.url}/openapi.json`,
  ...['--phases', 'examples,coverage,fuzzing'],
  ...['--checks', CHECKS.join(',')],
  ...['--max-examples', MAX_EXAMPLES],
  ...['--seed', SEED],
  '--continue-on-failure',
]);
await service.stop();

async function install(): Promise<void> {
  const pip = join(ENVIRONMENT, 'bin/pip');
  const installed =
    (await run('python3', ['-m', 'venv', ENVIRONMENT])) === 0 &&
    (await run(pip, ['install', '--quiet', '--disable-pip-version-check', `schemathesis==${VERSION}`])) === 0;
  if (installed) return;
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  throw new Error('schemathesis could not be installed; it needs Python 3.10 or newer, with venv and pip');
}

/** Runs a program in the folder where it may keep its cache, and returns its exit status. */
async function run(program: string, parameters: readonly string[]): Promise<number> {
  const child = spawn(program, parameters, { cwd: FOLDER, stdio: 'inherit' });
  const [status] = (await once(child, 'exit')) as [number | null];
  return status ?? 1;
}
