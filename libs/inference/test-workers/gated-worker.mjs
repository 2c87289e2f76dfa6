import { BroadcastChannel, parentPort, threadId } from 'node:worker_threads';

// Loads only when the test sends its thread's id.

async function load() {
  const gate = new BroadcastChannel('gated-worker');
  await new Promise((resolve) => {
    gate.onmessage = ({ data }) => {
      if (data === threadId) resolve();
    };
    gate.postMessage({ loading: threadId });
  });
  parentPort.postMessage({ type: 'worker-ready', threadId });
  gate.postMessage({ loaded: threadId });
  gate.close();
  return () => ({ status: 'crashed', message: 'never asked' });
}

export default load();
