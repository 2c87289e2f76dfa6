import type { Landmarks } from './landmarks.js';

/**
 * The angle of the line through the eyes, in radians, clockwise, −π to π; 0 if it cannot be determined.
 *
 * @param nearest minimum distance between the eyes, in pixels, to determine it
 */
export function eyeTilt({ leftEye, rightEye }: Landmarks, nearest: number): number {
  const x = rightEye[0] - leftEye[0];
  const y = rightEye[1] - leftEye[1];
  return Math.hypot(x, y) < nearest ? 0 : Math.atan2(y, x);
}
