import type { Size } from '../geometry/box.js';

/** A decoded 8-bit RGB image, row by row from the top left: NHWC with N = 1, length = height × width × 3. */
export interface RgbImage extends Size {
  readonly pixels: Uint8Array;
}

/** A rectangle inside an image, in pixels. */
export interface Region extends Size {
  readonly x: number;
  readonly y: number;
}
