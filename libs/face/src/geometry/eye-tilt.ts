/**
 * The angle of the line through the eyes, in radians, clockwise, −π to π; 0 where it cannot be told.
 *
 * @param landmarks the viewer's left eye, the right eye, and whatever else the detector finds
 * @param nearest eyes nearer to each other than this, in pixels, do not tell
 */
export function eyeTilt(landmarks: readonly (readonly [x: number, y: number])[], nearest: number): number {
  if (landmarks.length < 2) return 0;
  const [left, right] = landmarks;
  const x = right[0] - left[0];
  const y = right[1] - left[1];
  return Math.hypot(x, y) < nearest ? 0 : Math.atan2(y, x);
}
