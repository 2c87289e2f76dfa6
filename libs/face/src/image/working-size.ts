import type { Size } from '../geometry/box.js';

/**
 * The longer side, in pixels, that both detectors are tuned for: MTCNN's smallest face is 20 px at this size, and the
 * reference results were computed at it.
 */
export const WORKING_SIDE = 1024;

/** How photographs larger than the working size are scaled down during decoding. */
export interface WorkingScale {
  /** Photographs up to this many times the working size are not scaled; 1 or more. */
  readonly noResizeUpTo: number;
  readonly kernel: 'lanczos3' | 'cubic';
  /**
   * Whether ordinary JPEGs are decoded by a faster decoder (quick-jpeg.ts), which occupies the calling thread, and whose
   * pixels differ from those of an exact one by a few of 255 levels.
   */
  readonly quickJpegs: boolean;
}

/** The size to decode a photograph to: its own, or one whose longer side is the working side. */
export function workingSize({ width, height }: Size, noResizeUpTo: number): Size {
  const factor = WORKING_SIDE / Math.max(width, height);
  if (factor * noResizeUpTo >= 1) return { width, height };
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/**
 * The size of a working-size pixel in pixels of this image, at least 1: the factor for lengths given at the working
 * size.
 */
export function workingPixel({ width, height }: Size): number {
  return Math.max(1, Math.max(width, height) / WORKING_SIDE);
}
