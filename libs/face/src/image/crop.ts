import { eyeTilt } from '../geometry/eye-tilt.js';
import { type BoundingBox, boxHeight, boxWidth, clipBox, type Size } from '../geometry/box.js';
import type { ResampleFilter } from './resample.js';
import type { Region } from './rgb-image.js';
import type { TurnedSquare } from './turned-square.js';

/**
 * Which part of the photograph around a face is embedded; it is then scaled to the embedder's square input.
 *
 * - `square`: a square turned until the eyes are level. Its centre is that of the part of the box that lies inside the
 *   photograph, its side the geometric mean of that part's width and height times (1 + margin). Where it reaches beyond
 *   the photograph, the edge is repeated. The default: it separates people better (docs/decisions/0010-level-crop.md).
 * - `padded-box`: the box grown by `padding` pixels on every side and clipped to the photograph, whatever its aspect
 *   ratio; what the reference stack does, with 0 for MTCNN and 20 for MediaPipe.
 */
export type CropRule =
  | { readonly kind: 'square'; /** In parts of the side. */ readonly margin: number }
  | {
      readonly kind: 'padded-box';
      /** In pixels of a photograph of the working size. */
      readonly padding: number;
      readonly filter: ResampleFilter;
    };

/** What a crop rule picks for one face, in pixels of the photograph. */
export type Crop =
  | { readonly kind: 'square'; readonly square: TurnedSquare }
  | { readonly kind: 'region'; readonly region: Region; readonly filter: ResampleFilter };

/** Where a face lies, in pixels of the photograph. It may reach beyond it. */
export interface FacePosition {
  readonly box: BoundingBox;
  /** The viewer's left eye, the right eye, and whatever else the detector finds. */
  readonly landmarks: readonly (readonly [x: number, y: number])[];
}

/** Eyes nearer to each other than this, in parts of the square's side, do not tell how the head is tilted. */
const NEAREST_EYES = 0.05;

/**
 * Applies a crop rule to a face. What it picks is never empty, even for a box outside the photograph.
 *
 * @param workingPixel the length of one pixel of the working size, in pixels of the photograph
 */
export function faceCrop(face: FacePosition, photograph: Size, rule: CropRule, workingPixel = 1): Crop {
  if (rule.kind === 'square') return { kind: 'square', square: levelSquare(face, photograph, rule.margin) };
  const region = paddedRegion(face.box, photograph, rule.padding * workingPixel);
  return { kind: 'region', region, filter: rule.filter };
}

function levelSquare({ box, landmarks }: FacePosition, photograph: Size, margin: number): TurnedSquare {
  const inside = clipBox(box, photograph);
  const side = Math.max(1, Math.sqrt(boxWidth(inside) * boxHeight(inside)) * (1 + margin));
  return {
    centreX: (inside.x1 + inside.x2) / 2,
    centreY: (inside.y1 + inside.y2) / 2,
    side,
    angle: eyeTilt(landmarks, NEAREST_EYES * side),
  };
}

function paddedRegion(box: BoundingBox, { width, height }: Size, padding: number): Region {
  const x = clamp(Math.trunc(box.x1 - padding), 0, width - 1);
  const y = clamp(Math.trunc(box.y1 - padding), 0, height - 1);
  return {
    x,
    y,
    width: clamp(Math.trunc(box.x2 + padding), x + 1, width) - x,
    height: clamp(Math.trunc(box.y2 + padding), y + 1, height) - y,
  };
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
