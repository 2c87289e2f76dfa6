import { FaceError } from '../errors.js';
import type { ImageFormat } from './image-format.js';

/**
 * Decoder timeout in seconds: no caller waits longer. It is checked between rows, so a picture that is decoded in one
 * piece is bounded by its size (decode-cost.ts) and its scans instead.
 */
export const MAX_DECODE_SECONDS = 10;

/**
 * Messages about damaged pixels: libjpeg's warnings, and libtiff's errors, which are not raised for tiles when warnings
 * are ignored. Others are harmless: many phones write a scan header about which libjpeg warns ("Invalid SOS
 * parameters") but which it reads anyway.
 */
const DAMAGE = /corrupt|^tiff2vips: /im;

/** sharp's message when MAX_DECODE_SECONDS have passed; messages of other libraries may precede it. */
const TIMEOUT = /^timeout: \d+% complete$/m;

/** Whether decoding again with warnings ignored would be pointless. */
export const isFinal = ({ message }: Error): boolean => DAMAGE.test(message) || TIMEOUT.test(message);

/** The error for a photograph that takes too long to decode. */
export const outOfTime = (): FaceError =>
  new FaceError('TOO_MANY_PIXELS', `takes more than ${MAX_DECODE_SECONDS} s to decode`);

/** The error for a photograph that takes too much memory to decode. */
export const outOfMemory = (): FaceError =>
  new FaceError('TOO_MANY_PIXELS', 'takes more memory to decode than is allowed');

/** The public error: the decoders' own messages, which quote the file and the library, are withheld. */
export function decodeFailure({ message }: Error, format: ImageFormat): FaceError {
  if (TIMEOUT.test(message)) return outOfTime();
  return new FaceError('UNREADABLE_IMAGE', `is truncated or damaged (${format.toUpperCase()})`);
}
