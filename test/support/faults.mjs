/*
 * Loaded into the service by NODE_OPTIONS=--import, in the main thread and in every worker. A signal to the process
 * makes its oldest worker die as real workers do: from inside, while holding photographs.
 */
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';

const DEATHS = ['exit', 'throw', 'memory'];
const channel = new BroadcastChannel('faults');

if (isMainThread) {
  const workers = new Set();
  process.on('worker', (worker) => {
    workers.add(worker);
    worker.once('exit', () => workers.delete(worker));
  });
  let count = 0;
  process.on('SIGUSR2', () => {
    const [oldest] = workers;
    channel.postMessage({ victim: oldest.threadId, death: DEATHS[count++ % DEATHS.length] });
  });
} else {
  channel.onmessage = ({ data: { victim, death } }) => {
    if (victim !== threadId) return;
    if (death === 'exit') process.exit(3);
    if (death === 'throw') throw new Error('a fault');
    const hoard = [];
    for (;;) hoard.push(new Array(1e6).fill({}));
  };
}
channel.unref();
