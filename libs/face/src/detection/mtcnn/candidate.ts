import { type BoundingBox, boxHeight, boxWidth } from '../../geometry/box.js';
import type { ScoredBox } from '../../geometry/nms.js';

/*
 * Box arithmetic between the stages, as in facenet-pytorch 2.6.0 (models/utils/detect_face.py). The original Matlab
 * code counts pixels from 1 with both corners inside the box; every port kept the "+ 1"s of that convention, and the
 * networks were trained with them.
 */

/** A candidate face box, in pixels of the decoded photograph. */
export type Candidate = ScoredBox;

/** Regressed offsets of a box's corners (x1, y1, x2, y2), each as a fraction of its width or height. */
export type CornerOffsets = readonly [number, number, number, number];

/** Moves the corners of an R-net or O-net input to where the network saw the face. */
export function applyOffsets<T extends Candidate>(candidate: T, [dx1, dy1, dx2, dy2]: CornerOffsets): T {
  const width = boxWidth(candidate) + 1;
  const height = boxHeight(candidate) + 1;
  return {
    ...candidate,
    x1: candidate.x1 + dx1 * width,
    y1: candidate.y1 + dy1 * height,
    x2: candidate.x2 + dx2 * width,
    y2: candidate.y2 + dy2 * height,
  };
}

/** The square with the box's centre and longer side: the input of the next network. */
export function toSquare(candidate: Candidate): Candidate {
  const { x1, y1, x2, y2, score } = candidate;
  const side = Math.max(boxWidth(candidate), boxHeight(candidate));
  const left = (x1 + x2 - side) / 2;
  const top = (y1 + y2 - side) / 2;
  return { x1: left, y1: top, x2: left + side, y2: top + side, score };
}

/** The longer side of a box in pixels. */
export function longerSide(box: BoundingBox): number {
  return Math.max(boxWidth(box), boxHeight(box));
}

/** One row of a network's [N, 4] tensor of offsets. */
export function cornerOffsets([x1, y1, x2, y2]: Float32Array): CornerOffsets {
  return [x1, y1, x2, y2];
}
