import type { Size } from '../geometry/box.js';
import type { PixelKernels } from './pixel-kernels.js';

/** A decoded 8-bit RGB image, row by row from the top left: NHWC with N = 1, length = height × width × 3. */
export interface RgbImage extends Size {
  readonly pixels: Uint8Array;
}

/** A rectangle inside an image, in pixels. */
export interface Region extends Size {
  readonly x: number;
  readonly y: number;
}

/**
 * Copies a region's pixels to their position in a frame around the region; the rest of the frame stays uninitialised.
 *
 * @returns a pointer to the contiguous rows of the frame
 */
export function putRegion(kernels: PixelKernels, { pixels, width }: RgbImage, region: Region, frame = region): number {
  const rowBytes = region.width * 3;
  const frameBytes = frame.width * frame.height * 3;
  const start = kernels.allocate(frameBytes);
  const memory = kernels.bytes(start, frameBytes);
  for (let y = region.y; y < region.y + region.height; y++) {
    const from = (y * width + region.x) * 3;
    memory.set(pixels.subarray(from, from + rowBytes), ((y - frame.y) * frame.width + region.x - frame.x) * 3);
  }
  return start;
}
