import { type DetectorName, NETWORKS } from '../detection/detectors.js';
import { eyeTilt } from '../detection/eye-tilt.js';
import type { DetectedFace } from '../detection/face-detector.js';
import { type EmbedderInput, inputTensor } from '../embedding/embedder.js';
import { boxHeight, boxWidth, clipBox, type Size } from '../geometry/box.js';
import type { Photograph } from '../image/photograph.js';
import { sampleSquare, type TurnedSquare } from '../image/turned-square.js';
import type { FaceCropper } from './face-cropper.js';

/** Eyes nearer to each other than this share of the square's side do not tell how the head is tilted. */
const NEAREST_EYES = 0.05;

/**
 * Cuts out the {@link levelSquare} around a face: the default, since it separates people better than the reference
 * (docs/decisions/0010-level-crop.md). Where it reaches beyond the photograph, the edge is repeated.
 */
export class LevelSquareCropper implements FaceCropper {
  /** @param margins for the boxes of each detector, as a share of the side */
  constructor(
    private readonly margins: Readonly<Record<DetectorName, number>>,
    private readonly input: EmbedderInput,
  ) {}

  crop(face: DetectedFace, photograph: Photograph): Float32Array {
    const { side, normalisation } = this.input;
    const square = levelSquare(face, photograph, this.margins[NETWORKS[face.foundBy].detector]);
    const data = inputTensor(this.input);
    sampleSquare(photograph, square, side, normalisation, { data, offset: 0 });
    return data;
  }
}

/**
 * The square around a face, turned until the eyes are level. Its centre is that of the part of the box that lies inside
 * the photograph, its side the geometric mean of that part's width and height times (1 + margin), at least one pixel.
 *
 * @param face in pixels of the photograph; it may reach beyond it
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
