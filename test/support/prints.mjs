/*
 * Loaded into the service with --import: prints in every way that a process can unprompted, in the workers all the time
 * and in the main thread on SIGUSR2.
 */
import { isMainThread } from 'node:worker_threads';

function print() {
  process.stdout.write('printed\n');
  process.stderr.write('printed\n');
  process.emitWarning('printed');
}

if (isMainThread) process.on('SIGUSR2', print);
else setInterval(print, 20).unref();
