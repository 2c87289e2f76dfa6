import { boxArea } from '../geometry/box.js';
import type { DetectedFace } from './face-detector.js';

/** The face with the largest box; the surer one where two are equal. Undefined where there is no face. */
export function largestFace(faces: readonly DetectedFace[]): DetectedFace | undefined {
  return [...faces].sort((a, b) => boxArea(b.box) - boxArea(a.box) || b.confidence - a.confidence)[0];
}
