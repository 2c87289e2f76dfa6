import { type BoundingBox, boxArea, intersectionArea } from './box.js';

/** A box with the detector's confidence, 0 to 1. */
export interface ScoredBox extends BoundingBox {
  readonly score: number;
}

/**
 * How to measure the overlap of two boxes, 0 to 1: `union` divides the intersection by the union (IoU), `smaller` by
 * the area of the smaller box, which also catches a box inside another.
 */
export type OverlapMeasure = 'union' | 'smaller';

/**
 * Greedy non-maximum suppression: keeps the box with the highest score, suppresses those that overlap it by more than
 * `threshold`, and continues with the rest.
 *
 * @param limit maximum number of boxes to keep
 * @returns the kept boxes, highest score first; equal scores keep their input order
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
