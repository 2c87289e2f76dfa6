import type { Size } from '../geometry/box.js';

/**
 * The longer side, in pixels, that both detectors are tuned for: MTCNN's smallest face is 20 px at this size, and the
 * reference answers were computed at it.
 */
export const WORKING_SIDE = 1024;

/** How a detector wants photographs larger than the working size to be scaled down while they are decoded. */
export interface WorkingScale {
  /** Photographs up to this many times the working size keep their own pixels, 1 or more. */
  readonly noResizeUpTo: number;
  readonly kernel: 'lanczos3' | 'cubic';
}

/** The size to decode a photograph to: its own, or one whose longer side is the working side. */
export function workingSize({ width, height }: Size, noResizeUpTo: number): Size {
  const factor = WORKING_SIDE / Math.max(width, height);
  if (factor * noResizeUpTo >= 1) return { width, height };
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/**
 * The side of one pixel of the working size in pixels of this image, at least 1: what lengths that are stated at the
 * working size have to be multiplied by.
 */
export function workingPixel({ width, height }: Size): number {
  return Math.max(1, Math.max(width, height) / WORKING_SIDE);
}
