import { FaceError } from '../errors.js';
import type { Size } from '../geometry/box.js';

/** Minimum side of a photograph: MTCNN's smallest face, already too small for an embedding. */
export const MIN_SIDE = 20;

/** Maximum side that every format's decoder handles reliably (JPEG's own limit is 65 535). */
const MAX_SIDE = 32_767;

/**
 * Rejects a photograph by its dimensions, so that a small file that decompresses to gigabytes costs nothing.
 *
 * @param maxPixels maximum number of pixels (width × height)
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
