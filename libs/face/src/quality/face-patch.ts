import { eyeTilt } from '../detection/eye-tilt.js';
import type { DetectedFace } from '../detection/face-detector.js';
import { boxHeight, boxWidth, clipBox } from '../geometry/box.js';
import type { RgbImage } from '../image/rgb-image.js';
import { sampleSquare } from '../image/turned-square.js';

/** Side of the patch in pixels: the scale at which pixels are measured. */
export const PATCH_SIDE = 96;

/** Luminance and colour of the middle of a face, eyes level, at one scale. */
export interface FacePatch {
  /** Rows of PATCH_SIDE × PATCH_SIDE values, 0 to 255: R, G and B planes. */
  readonly planes: Float32Array;
}

/** Samples the face's patch. @param face in pixels of the image; it may extend beyond it */
export function facePatch({ box, landmarks }: Pick<DetectedFace, 'box' | 'landmarks'>, image: RgbImage): FacePatch {
  const inside = clipBox(box, image);
  const side = Math.max(1, 0.8 * Math.sqrt(boxWidth(inside) * boxHeight(inside)));
  const square = {
    centreX: (inside.x1 + inside.x2) / 2,
    centreY: (inside.y1 + inside.y2) / 2,
    side,
    angle: eyeTilt(landmarks, 0.05 * side),
  };
  const planes = new Float32Array(3 * PATCH_SIDE * PATCH_SIDE);
  sampleSquare(image, square, PATCH_SIDE, { mean: 0, divisor: 1 }, { data: planes, offset: 0 });
  return { planes };
}
