import { eyeTilt } from '../detection/eye-tilt.js';
import type { DetectedFace } from '../detection/face-detector.js';
import { boxHeight, boxWidth, clipBox } from '../geometry/box.js';
import type { RgbImage } from '../image/rgb-image.js';
import { sampleSquare } from '../image/turned-square.js';

/**
 * Side of the patch in pixels. A face is then about as large as in the embedder's crop (120 pixels to a box), so that
 * detail too fine for the embedder does not count, however large the photograph is.
 */
export const PATCH_SIDE = 96;

/** Side of the patch as a fraction of the box's, so that little of it is background. */
const PART_OF_BOX = 0.8;

/** Eyes closer together than this fraction of the patch's side give no usable tilt. */
const NEAREST_EYES = 0.05;

/** The middle of a face, eyes level, at one scale. Beyond the photograph, its edge pixels are repeated. */
export interface FacePatch {
  /** Planes R, G and B of PATCH_SIDE × PATCH_SIDE values, 0 to 255. */
  readonly planes: Float32Array;
}

/** Samples the face's patch. @param face in pixels of the image; it may extend beyond it */
export function facePatch({ box, landmarks }: Pick<DetectedFace, 'box' | 'landmarks'>, image: RgbImage): FacePatch {
  const inside = clipBox(box, image);
  const side = Math.max(1, PART_OF_BOX * Math.sqrt(boxWidth(inside) * boxHeight(inside)));
  const square = {
    centreX: (inside.x1 + inside.x2) / 2,
    centreY: (inside.y1 + inside.y2) / 2,
    side,
    angle: eyeTilt(landmarks, NEAREST_EYES * side),
  };
  const planes = new Float32Array(3 * PATCH_SIDE * PATCH_SIDE);
  sampleSquare(image, square, PATCH_SIDE, { mean: 0, divisor: 1 }, { data: planes, offset: 0 });
  return { planes };
}
