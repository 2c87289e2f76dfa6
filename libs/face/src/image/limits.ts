import { FaceError } from '../errors.js';
import type { Size } from '../geometry/box.js';

/** The shortest side a photograph may have: MTCNN's smallest face, and too little for any embedding. */
export const MIN_SIDE = 20;

/** The longest side any of the formats' decoders can be trusted with (JPEG's own limit is 65 535). */
const MAX_SIDE = 32_767;

/**
 * Refuses a photograph by its dimensions, so that a small file that unpacks to gigabytes costs nothing.
 *
 * @param maxPixels the most pixels (width × height) a photograph may have
 * @throws FaceError IMAGE_TOO_SMALL or TOO_MANY_PIXELS
 */
export function checkImageSize({ width, height }: Size, maxPixels: number): void {
  if (width < MIN_SIDE || height < MIN_SIDE) {
    throw new FaceError('IMAGE_TOO_SMALL', `is ${width}×${height} px; both sides must be at least ${MIN_SIDE} px`);
  }
  if (width > MAX_SIDE || height > MAX_SIDE) {
    throw new FaceError('TOO_MANY_PIXELS', `is ${width}×${height} px; neither side may have more than ${MAX_SIDE} px`);
  }
  if (width * height > maxPixels) {
    throw new FaceError(
      'TOO_MANY_PIXELS',
      `is ${width}×${height} px; at most ${(maxPixels / 1e6).toFixed(0)} megapixels are accepted`,
    );
  }
}
