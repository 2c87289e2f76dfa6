import { FaceError } from '../errors.js';

/** Maximum number of frames of an animated WebP: the decoder library takes quadratic time. */
const MAX_FRAMES = 1000;

/** RIFF, its length and WEBP. */
const FIRST_CHUNK = 12;

/** A four-letter type and a length. */
const CHUNK_HEADER_BYTES = 8;

/**
 * Rejects a WebP with too many frames. Only the first is decoded, but as soon as the header is read, the library looks
 * up every one by walking from the first: 200,000 frames, ten megabytes, take minutes.
 *
 * @throws FaceError TOO_MANY_PIXELS
 */
export function checkWebpFrames(bytes: Uint8Array): void {
  const frames = countFrames(bytes);
  if (frames <= MAX_FRAMES) return;
  throw new FaceError('TOO_MANY_PIXELS', `has ${frames} frames; at most ${MAX_FRAMES} are accepted`);
}

function countFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frames = 0;
  for (let at = FIRST_CHUNK; at + CHUNK_HEADER_BYTES <= bytes.length;) {
    if (view.getUint32(at) === ANMF) frames++;
    const length = view.getUint32(at + 4, true);
    // Chunks are padded to an even length.
    at += CHUNK_HEADER_BYTES + length + (length & 1);
  }
  return frames;
}

/** "ANMF", a frame of an animation. */
const ANMF = 0x414e4d46;
