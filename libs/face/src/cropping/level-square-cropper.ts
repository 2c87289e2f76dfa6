import { type DetectorName, NETWORKS } from '../detection/detectors.js';
import { eyeTilt } from '../detection/eye-tilt.js';
import type { DetectedFace } from '../detection/face-detector.js';
import { type EmbedderInput, inputTensor } from '../embedding/embedder.js';
import { boxHeight, boxWidth, clipBox, type Size } from '../geometry/box.js';
import type { Photograph } from '../image/photograph.js';
import { sampleSquare, type TurnedSquare } from '../image/turned-square.js';
import type { CropCorners, FaceCropper } from './face-cropper.js';

/** Eyes closer together than this fraction of the square's side give no usable tilt. */
const NEAREST_EYES = 0.05;

/**
 * Crops the {@link levelSquare} around a face: the default, since it separates people better than the reference
 * (docs/decisions/0010-level-crop.md). Beyond the photograph, its edge pixels are repeated.
 */
export class LevelSquareCropper implements FaceCropper {
  /** @param margins for each detector's boxes, as a fraction of the side */
  constructor(
    private readonly margins: Readonly<Record<DetectorName, number>>,
    private readonly input: EmbedderInput,
  ) {}

  crop(face: DetectedFace, photograph: Photograph): Float32Array {
    const { side, normalisation } = this.input;
    const square = this.#square(face, photograph);
    const data = inputTensor(this.input);
    sampleSquare(photograph, square, side, normalisation, { data, offset: 0 });
    return data;
  }

  corners(face: DetectedFace, photograph: Size): CropCorners {
    const { centreX, centreY, side, angle } = this.#square(face, photograph);
    const [right, down] = [(side / 2) * Math.cos(angle), (side / 2) * Math.sin(angle)];
    return [
      [centreX - right + down, centreY - down - right],
      [centreX + right + down, centreY + down - right],
      [centreX + right - down, centreY + down + right],
      [centreX - right - down, centreY - down + right],
    ];
  }

  #square(face: DetectedFace, photograph: Size): TurnedSquare {
    return levelSquare(face, photograph, this.margins[NETWORKS[face.foundBy].detector]);
  }
}

/**
 * The square around a face, rotated until the eyes are level. It is centred on the part of the box inside the
 * photograph; its side is the geometric mean of that part's width and height times (1 + margin), at least one pixel.
 *
 * @param face in pixels of the photograph; it may extend beyond it
 */
export function levelSquare(
  { box, landmarks }: Pick<DetectedFace, 'box' | 'landmarks'>,
  photograph: Size,
  margin: number,
): TurnedSquare {
  const inside = clipBox(box, photograph);
  const side = Math.max(1, Math.sqrt(boxWidth(inside) * boxHeight(inside)) * (1 + margin));
  return {
    centreX: (inside.x1 + inside.x2) / 2,
    centreY: (inside.y1 + inside.y2) / 2,
    side,
    angle: eyeTilt(landmarks, NEAREST_EYES * side),
  };
}
