import type { BoundingBox } from '../../geometry/box.js';
import type { Point } from '../landmarks.js';

/** A decoded BlazeFace output, relative to the network's square input (0 to 1). */
export interface Detection extends BoundingBox {
  /** 0 to 1. */
  readonly score: number;
  readonly keypoints: readonly Point[];
}

/** Values per anchor: the box's centre and size, then the x and y of six key points. */
const VALUES = 16;
const KEYPOINTS = 6;

/** MediaPipe clips the raw score before the sigmoid (`score_clipping_thresh`). */
const MAX_LOGIT = 100;

/**
 * Decodes raw outputs into detections like MediaPipe's TensorsToDetectionsCalculator: they are offsets from the
 * anchor's centre, in pixels of the input.
 *
 * @param boxes [anchors, 16]
 * @param scores [anchors], before the sigmoid
 * @param side the input's side in pixels
 * @param minScore detections below it are dropped, 0 to 1
 */
export function decodeDetections(
  boxes: Float32Array,
  scores: Float32Array,
  anchors: readonly Point[],
  side: number,
  minScore: number,
): Detection[] {
  return anchors.flatMap(([anchorX, anchorY], i) => {
    const score = sigmoid(Math.min(Math.max(scores[i], -MAX_LOGIT), MAX_LOGIT));
    if (score < minScore) return [];
    const value = (k: number): number => boxes[i * VALUES + k] / side;
    const x = anchorX + value(0);
    const y = anchorY + value(1);
    const width = value(2);
    const height = value(3);
    const keypoints = Array.from({ length: KEYPOINTS }, (_, k): Point => [
      anchorX + value(4 + 2 * k),
      anchorY + value(5 + 2 * k),
    ]);
    return [{ x1: x - width / 2, y1: y - height / 2, x2: x + width / 2, y2: y + height / 2, score, keypoints }];
  });
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
