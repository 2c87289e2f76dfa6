import { parentPort, threadId } from 'node:worker_threads';
import type { FaceAnalysis } from '../../libs/face/src/index.js';
import type { WorkerReady, WorkerReply, WorkerTask } from '../../libs/inference/src/messages.js';

/*
 * A worker that answers at once, always the same: takes the place of the models, so that what a service's main thread
 * can do is not hidden behind what the models can do. Everything between the socket and the worker is the real thing.
 */

/** Length of the real embedder's output. */
const LENGTH = 512;

const ANALYSIS: FaceAnalysis = {
  image: { width: 910, height: 1137 },
  turned: 0,
  face: {
    box: { x1: 349, y1: 209, x2: 622, y2: 562 },
    confidence: 0.99,
    landmarks: { leftEye: [420, 340], rightEye: [550, 340], nose: [485, 410] },
    foundBy: 'mtcnn',
    quality: {
      eyeDistance: 130,
      faceWidth: 273,
      cutOff: 0,
      sharpness: 0.5,
      brightness: 0.5,
      contrast: 0.2,
      clippedDark: 0,
      clippedBright: 0,
      isGrey: false,
      pose: { roll: 0, yaw: 0, pitch: 0 },
    },
    warnings: [],
    cropCorners: [
      [284, 184],
      [687, 184],
      [687, 587],
      [284, 587],
    ],
  },
  facesFound: 1,
  embedding: new Float32Array(LENGTH).fill(1 / Math.sqrt(LENGTH)),
  timings: { decodeMs: 0, detectMs: 0, cropMs: 0, embedMs: 0 },
};

parentPort?.postMessage({ type: 'worker-ready', threadId } satisfies WorkerReady);

export default ({ abandoned }: WorkerTask): WorkerReply =>
  Atomics.load(abandoned, 0) === 0 ? { status: 'done', result: ANALYSIS } : { status: 'abandoned' };
