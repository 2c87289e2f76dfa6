/*
 * Loaded into the service by NODE_OPTIONS=--import, in the main thread and in every worker. A signal to the process
 * holds its workers in the middle of their next photograph; another one releases them.
 */
import process from 'node:process';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

/** How often workers check between two steps of an analysis, in milliseconds. */
const LOOK_EVERY_MS = 1;

if (isMainThread) {
  const held = new Int32Array(new SharedArrayBuffer(4));
  setEnvironmentData('held', held);
  process.on('SIGUSR2', () => {
    Atomics.xor(held, 0, 1);
    Atomics.notify(held, 0);
  });
} else {
  const held = getEnvironmentData('held');
  setInterval(() => Atomics.wait(held, 0, 1), LOOK_EVERY_MS).unref();
}
