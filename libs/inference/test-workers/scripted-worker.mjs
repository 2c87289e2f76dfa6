import { existsSync } from 'node:fs';
import process from 'node:process';
import { BroadcastChannel, parentPort, threadId, workerData } from 'node:worker_threads';

// Does what each task's bytes say: "hold" waits until the test releases it, "reject", "crash" and "exit" fail in the
// ways a worker can, and everything else completes at once. Reports on a channel what it starts and ends. Fails to load
// while a file exists at the embedder's path.

const events = new BroadcastChannel('scripted-worker');
events.unref();

/** @returns a FaceAnalysis whose numbers tell the test what arrived here, and in which thread. */
const analysisOf = (bytes) => ({
  image: { width: bytes.byteLength, height: bytes.buffer.byteLength },
  face: {
    box: { x1: 0, y1: 0, x2: 1, y2: 1 },
    confidence: 1,
    landmarks: { leftEye: [0, 0], rightEye: [1, 0] },
    foundBy: 'mtcnn',
  },
  facesFound: threadId,
  embedding: Float32Array.of(1),
  timings: { decodeMs: 0, detectMs: 0, cropMs: 0, embedMs: 0 },
});

const release = (text) =>
  new Promise((resolve) => {
    const gate = new BroadcastChannel('scripted-worker:release');
    gate.onmessage = ({ data }) => {
      if (data !== text) return;
      gate.close();
      resolve();
    };
  });

async function handle({ bytes, abandoned }) {
  const text = new TextDecoder().decode(bytes.subarray(0, 20)).trim();
  const released = text.startsWith('hold') ? release(text) : Promise.resolve();
  events.postMessage(`started ${text}`);
  await released;
  if (text === 'exit') process.exit(3);
  const isAbandoned = Atomics.load(abandoned, 0) !== 0;
  events.postMessage(isAbandoned ? `abandoned ${text}` : `ended ${text}`);
  if (isAbandoned) return { status: 'abandoned' };
  if (text === 'reject') return { status: 'rejected', failure: { code: 'NO_FACE', reason: 'shows no face' } };
  if (text === 'crash') return { status: 'crashed', message: 'Error: a bug' };
  return { status: 'done', result: analysisOf(bytes) };
}

async function load() {
  if (existsSync(workerData.models.embedder.path)) throw new Error('an obstacle is in the way');
  parentPort.postMessage({ type: 'worker-ready', threadId });
  return handle;
}

export default load();
