import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The repository. */
export const ROOT = join(import.meta.dirname, '../..');

const MODULE = 'go.k6.io/k6@v1.8.1';

/** Where `installK6` puts it; ignored by git. */
const LOCAL_BIN = join(ROOT, '.k6/bin');

/** Shown if k6 is missing. */
export const HOW_TO_GET_K6 = `k6 was not found. Get it from https://grafana.com/docs/k6/latest/set-up/install-k6/
or build it with Go: go install ${MODULE}
It is looked for in $K6_BIN, on the PATH, in .k6/bin and in Go's bin folder.`;

/**
 * Looks for k6: only $K6_BIN if it is set; otherwise the PATH, the project's .k6/bin and Go's bin folder.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} the path of the program
 */
export function findK6(env = process.env) {
  const { K6_BIN, PATH = '', GOPATH = join(homedir(), 'go') } = env;
  if (K6_BIN !== undefined && K6_BIN !== '') return isProgram(K6_BIN) ? K6_BIN : undefined;
  const folders = [...PATH.split(delimiter), LOCAL_BIN, ...GOPATH.split(delimiter).map((path) => join(path, 'bin'))];
  return folders.map((folder) => join(folder, 'k6')).find(isProgram);
}

/**
 * Builds k6 with Go, in about two minutes.
 *
 * @returns {string | undefined} the path of the program; undefined if Go is missing or fails, which it reports itself
 */
export function installK6() {
  mkdirSync(LOCAL_BIN, { recursive: true });
  const { status } = spawnSync('go', ['install', MODULE], {
    env: { ...process.env, GOBIN: LOCAL_BIN },
    stdio: 'inherit',
  });
  return status === 0 ? join(LOCAL_BIN, 'k6') : undefined;
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
