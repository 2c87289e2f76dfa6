import { FaceError } from '../errors.js';
import type { ImageFormat } from './image-format.js';

/**
 * The longest a decoder may take, in seconds: what comes later is later than any caller waits. It looks at the clock
 * between rows, so a picture that is decoded in one piece is bounded by its size (decode-cost.ts) and its scans.
 */
export const MAX_DECODE_SECONDS = 10;

/**
 * The decoders' words for wrong pixels: warnings of libjpeg, and errors of libtiff, which for a tile are none when the decoder
 * is deaf to warnings. Others are harmless: many phones write a scan header that libjpeg
 * complains of ("Invalid SOS parameters") and then reads all the same.
 */
const DAMAGE = /corrupt|^tiff2vips: /im;

/** sharp's word for MAX_DECODE_SECONDS having passed; libraries' complaints may stand before it. */
const TIMEOUT = /^timeout: \d+% complete$/m;

/** Whether decoding again, deaf to warnings, would be of no use. */
export const isFinal = ({ message }: Error): boolean => DAMAGE.test(message) || TIMEOUT.test(message);

/** What the sender of a photograph is told that a decoder could not finish in time. */
export const outOfTime = (): FaceError =>
  new FaceError('TOO_MANY_PIXELS', `takes more than ${MAX_DECODE_SECONDS} s to decode`);

/** And that a decoder has asked for more memory than it may have. */
export const outOfMemory = (): FaceError =>
  new FaceError('TOO_MANY_PIXELS', 'takes more memory to decode than is allowed');

/** What the sender is told: the decoders' own messages quote the file and the library, which nobody needs. */
export function decodeFailure({ message }: Error, format: ImageFormat): FaceError {
  if (TIMEOUT.test(message)) return outOfTime();
  return new FaceError('UNREADABLE_IMAGE', `is truncated or damaged (${format.toUpperCase()})`);
}
