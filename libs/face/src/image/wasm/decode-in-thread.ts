import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { FaceError } from '../../errors.js';
import type { Size } from '../../geometry/box.js';
import { decodeFailure, MAX_DECODE_SECONDS, outOfTime } from '../decode-failure.js';
import type { Photograph } from '../photograph.js';
import { rgbPixels } from '../rgb-pixels.js';
import { type WorkingScale, workingSize } from '../working-size.js';
import { compiledCodec, type WasmFormat } from './codec.js';
import type { WasmPicture, WasmTask } from './decode-with-wasm.js';
import type { ThreadAnswer } from './decoder-thread.js';
import type { RawPixels } from './raw-pixels.js';

const require = createRequire(import.meta.url);

/** Maximum JavaScript heap of the thread, in megabytes; pixels are outside it. */
const MAX_HEAP_MB = 64;

/**
 * Decodes a photograph of a format that sharp does not support in its own thread, which can be terminated if decoding
 * takes too long and frees all of the decoder's memory when it ends.
 *
 * @param maxPixels maximum number of pixels (width × height)
 * @throws FaceError UNSUPPORTED_FORMAT, UNREADABLE_IMAGE, IMAGE_TOO_SMALL or TOO_MANY_PIXELS
 */
export async function decodeInThread(
  format: WasmFormat,
  bytes: Uint8Array,
  scale: WorkingScale,
  maxPixels: number,
): Promise<Photograph> {
  // A copy, because a view would be sent with its whole buffer.
  const file = Uint8Array.from(bytes);
  const task: WasmTask = { format, module: compiledCodec(format), bytes: file, scale, maxPixels };
  // The compiled file, even when the sources run uncompiled in tests.
  const thread = new Worker(require.resolve('#face/decoder-thread'), {
    workerData: task,
    transferList: [file.buffer],
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  try {
    const answer = await answerOf(thread);
    if ('picture' in answer) return await toPhotograph(answer.picture, scale);
    if (answer.code !== undefined) throw new FaceError(answer.code, answer.reason);
    throw decodeFailure(new Error(answer.reason), format);
  } finally {
    await thread.terminate();
  }
}

/** Scales the rest of the way and converts to RGB. Not in the thread, where loading sharp takes 50 ms and leaks memory. */
async function toPhotograph({ raw, original }: WasmPicture, scale: WorkingScale): Promise<Photograph> {
  const size = workingSize(original, scale.noResizeUpTo);
  const { width, height, channels, data } = raw;
  const isDone = channels === 3 && width === size.width && height === size.height;
  return {
    ...size,
    pixels: isDone ? data : await scaled(raw, size, scale.kernel),
    original,
    scaleToOriginal: original.width / size.width,
  };
}

function scaled(raw: RawPixels, to: Size, kernel: WorkingScale['kernel']): Promise<Uint8Array> {
  const { width, height, channels, data } = raw;
  const image = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  return rgbPixels(image, { from: raw, to, kernel, hasAlpha: channels === 4 });
}

/** The thread's reply, or a timeout. A thread that dies was killed by bytes that its decoder cannot handle. */
function answerOf(thread: Worker): Promise<ThreadAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(outOfTime());
    }, MAX_DECODE_SECONDS * 1000);
    const settle = (answer: ThreadAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    thread.once('message', settle);
    thread.once('error', (error) => {
      settle({ reason: String(error) });
    });
    thread.once('exit', (code) => {
      settle({ reason: `the thread ended with code ${code}` });
    });
  });
}
