import type { Size } from '../geometry/box.js';
import type { RgbImage } from './rgb-image.js';

/**
 * A decoded photograph, upright: its EXIF orientation has been applied.
 *
 * Large photographs are scaled down during decoding: multiply coordinates in `pixels` by `scaleToOriginal` to get those
 * in the photograph as sent.
 */
export interface Photograph extends RgbImage {
  /** The size of the photograph as sent, upright, in pixels. */
  readonly original: Size;
  /** Size of one decoded pixel in pixels of the original, at least 1; 1 if not scaled. */
  readonly scaleToOriginal: number;
}
