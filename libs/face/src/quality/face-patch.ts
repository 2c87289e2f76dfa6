import { levelSquare } from '../cropping/level-square-cropper.js';
import type { DetectedFace } from '../detection/face-detector.js';
import type { RgbImage } from '../image/rgb-image.js';
import { sampleSquare } from '../image/turned-square.js';

/**
 * Side of the patch in pixels. A face is then about as large as in the embedder's crop (120 pixels to a box), so that
 * detail too fine for the embedder does not count, however large the photograph is.
 */
export const PATCH_SIDE = 96;

/** Margin of the patch around the box, as a fraction of its side: little of the patch is background. */
const MARGIN = -0.2;

/** The middle of a face, eyes level, at one scale. Beyond the photograph, its edge pixels are repeated. */
export interface FacePatch {
  /** Planes R, G and B of PATCH_SIDE × PATCH_SIDE values, 0 to 255. */
  readonly planes: Float32Array;
}

/** Samples the face's patch. @param face in pixels of the image; it may extend beyond it */
export function facePatch(face: Pick<DetectedFace, 'box' | 'landmarks'>, image: RgbImage): FacePatch {
  const planes = new Float32Array(3 * PATCH_SIDE * PATCH_SIDE);
  const square = levelSquare(face, image, MARGIN);
  sampleSquare(image, square, PATCH_SIDE, { mean: 0, divisor: 1 }, { data: planes, offset: 0 });
  return { planes };
}
