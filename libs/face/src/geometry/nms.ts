import { type BoundingBox, boxArea, intersectionArea } from './box.js';

/** A box with the detector's confidence in it (0 to 1, higher is surer). */
export interface ScoredBox extends BoundingBox {
  readonly score: number;
}

/**
 * How much two boxes overlap, 0 to 1: `union` divides the overlap by the area of both together (IoU),
 * `smaller` by the area of the smaller one, which also catches a box inside another.
 */
export type OverlapMeasure = 'union' | 'smaller';

/**
 * Greedy non-maximum suppression: keeps the surest box, drops those that overlap it by more than `threshold`,
 * and goes on with the surest of the rest.
 *
 * @param limit the most boxes to keep
 * @returns the kept boxes, surest first; equal scores keep the order they came in.
 */
export function nonMaximumSuppression<T extends ScoredBox>(
  boxes: readonly T[],
  threshold: number,
  measure: OverlapMeasure = 'union',
  limit = Infinity,
): T[] {
  const kept: T[] = [];
  for (const candidate of [...boxes].sort((a, b) => b.score - a.score)) {
    if (kept.length >= limit) break;
    if (kept.every((box) => overlap(box, candidate, measure) <= threshold)) kept.push(candidate);
  }
  return kept;
}

function overlap(a: BoundingBox, b: BoundingBox, measure: OverlapMeasure): number {
  const shared = intersectionArea(a, b);
  if (shared === 0) return 0;
  const areaA = boxArea(a);
  const areaB = boxArea(b);
  return shared / (measure === 'union' ? areaA + areaB - shared : Math.min(areaA, areaB));
}
