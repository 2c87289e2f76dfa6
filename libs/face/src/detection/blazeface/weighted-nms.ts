import { intersectionOverUnion } from '../../geometry/box.js';
import type { Point } from '../landmarks.js';
import type { Detection } from './decode.js';

/** MediaPipe's `min_suppression_threshold`. */
const MAX_OVERLAP = 0.3;

/**
 * Weighted non-maximum suppression (BlazeFace, arXiv:1907.05047, section 3.4): overlapping detections are averaged,
 * weighted by score, instead of dropped, which reduces jitter between frames. The average keeps the best score.
 *
 * @returns the averages, best score first.
 */
export function weightedNonMaximumSuppression(detections: readonly Detection[]): Detection[] {
  const merged: Detection[] = [];
  let rest = [...detections].sort((a, b) => b.score - a.score);
  while (rest.length > 0) {
    const best = rest[0];
    const overlaps = (other: Detection): boolean => intersectionOverUnion(best, other) > MAX_OVERLAP;
    merged.push(average(rest.filter((other) => other === best || overlaps(other))));
    rest = rest.filter((other) => other !== best && !overlaps(other));
  }
  return merged;
}

/** The mean of detections weighted by their scores; the first is the best. */
function average(group: readonly Detection[]): Detection {
  const total = group.reduce((sum, { score }) => sum + score, 0);
  const mean = (value: (detection: Detection) => number): number =>
    group.reduce((sum, detection) => sum + detection.score * value(detection), 0) / total;
  return {
    x1: mean((d) => d.x1),
    y1: mean((d) => d.y1),
    x2: mean((d) => d.x2),
    y2: mean((d) => d.y2),
    score: group[0].score,
    keypoints: group[0].keypoints.map((_, k): Point => [
      mean((d) => d.keypoints[k][0]),
      mean((d) => d.keypoints[k][1]),
    ]),
  };
}
