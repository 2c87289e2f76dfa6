import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nativeEnvironment } from './config/native-environment.js';

/*
 * `npm start`: starts the service with the settings of a .env file, if there is one, and with what native code reads from the
 * environment before any JavaScript runs. What sets both otherwise, as the container images do, starts main.js itself.
 *
 * Nothing is said on the channel between the two. It closes when this process ends, and then the service stops, too: of
 * SIGKILL nothing could be passed on.
 */
const settingsFile = resolve('.env');
// Variables that are set already are left as they are.
if (existsSync(settingsFile)) process.loadEnvFile(settingsFile);
const service: ChildProcess = spawn(
  process.execPath,
  [...process.execArgv, join(import.meta.dirname, 'main.js'), ...process.argv.slice(2)],
  { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: nativeEnvironment() },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => service.kill(signal));
service.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 0 : 1);
});
