import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { nativeEnvironment } from './config/native-environment.js';
import { loadSettingsFile } from './config/settings-file.js';
import { startedByNpm } from './config/started-by-npm.js';

/*
 * `npm start` and `face-comparison serve`: starts the service with the settings of a .env file, if there is one, and with
 * the variables that native code reads before any JavaScript runs. Where both are already set, as in the container
 * images, main.js is started directly.
 *
 * The IPC channel between the two carries no messages. It closes when this process ends, even by SIGKILL, which cannot
 * be forwarded; the service then stops, too.
 */

/** How often to check whether npm's shell is still there, in milliseconds. */
const PARENT_CHECK_MS = 500;

loadSettingsFile();
const service: ChildProcess = spawn(
  process.execPath,
  [...process.execArgv, join(import.meta.dirname, 'main.js'), ...process.argv.slice(2)],
  { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: nativeEnvironment() },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => service.kill(signal));
// npm passes signals to its shell, which ends without passing them on: this process then gets another parent.
if (startedByNpm()) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) service.kill('SIGTERM');
  }, PARENT_CHECK_MS).unref();
}
service.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 0 : 1);
});
