import type { Size } from '../geometry/box.js';
import type { RgbImage } from './rgb-image.js';

/**
 * A decoded photograph, upright: its EXIF orientation has been applied.
 *
 * Large photographs are scaled down while they are decoded, so coordinates in `pixels` times `scaleToOriginal` are
 * coordinates in the photograph as it was sent.
 */
export interface Photograph extends RgbImage {
  /** The size of the photograph as sent, upright, in pixels. */
  readonly original: Size;
  /** Length of one decoded pixel in pixels of the original; 1 where nothing was scaled, never below 1. */
  readonly scaleToOriginal: number;
}
