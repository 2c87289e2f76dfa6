import type { Landmarks } from './landmarks.js';

/**
 * The angle of the line through the eyes, in radians, clockwise, −π to π; 0 where it cannot be told.
 *
 * @param nearest eyes nearer to each other than this, in pixels, do not tell
 */
export function eyeTilt({ leftEye, rightEye }: Landmarks, nearest: number): number {
  const x = rightEye[0] - leftEye[0];
  const y = rightEye[1] - leftEye[1];
  return Math.hypot(x, y) < nearest ? 0 : Math.atan2(y, x);
}
