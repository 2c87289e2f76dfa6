import type { DetectedFace } from '../detection/face-detector.js';
import { boxArea, boxWidth, intersectionArea } from '../geometry/box.js';
import type { Photograph } from '../image/photograph.js';
import { facePatch } from './face-patch.js';
import { measurePixels, type PixelMeasures } from './pixel-measures.js';
import { estimatePose, type Pose } from './pose.js';
import { faceWarnings, type FaceWarning } from './warnings.js';

/** What is measured of a face (docs/quality.md). */
export interface FaceQuality extends PixelMeasures {
  /** Distance between the eyes, in pixels of the photograph as sent. */
  readonly eyeDistance: number;
  /** Width of the box, parts outside the photograph included, in pixels of the photograph as sent. */
  readonly faceWidth: number;
  /** Share of the box that is outside the photograph, 0 to 1. */
  readonly cutOff: number;
  /** In the photograph after it was turned upright (`turned`). */
  readonly pose: Pose;
}

/** A face's quality, and what about it may make comparisons unreliable. */
export interface FaceAssessment {
  readonly quality: FaceQuality;
  /** Empty if nothing was found; in the order of FACE_WARNINGS. */
  readonly warnings: readonly FaceWarning[];
}

/**
 * Measures a face.
 *
 * @param face in pixels of the photograph; it may extend beyond it
 * @param hasOthers whether the photograph shows another face
 */
export function assessFace(face: DetectedFace, photograph: Photograph, hasOthers: boolean): FaceAssessment {
  const { box, landmarks } = face;
  const { leftEye, rightEye } = landmarks;
  const area = boxArea(box);
  const frame = { x1: 0, y1: 0, x2: photograph.width, y2: photograph.height };
  const decodedEyeDistance = Math.hypot(rightEye[0] - leftEye[0], rightEye[1] - leftEye[1]);
  const quality = {
    eyeDistance: decodedEyeDistance * photograph.scaleToOriginal,
    faceWidth: boxWidth(box) * photograph.scaleToOriginal,
    ...measurePixels(facePatch(face, photograph)),
    cutOff: area === 0 ? 0 : 1 - intersectionArea(box, frame) / area,
    pose: estimatePose(landmarks),
  };
  return { quality, warnings: faceWarnings({ ...face, quality, decodedEyeDistance, hasOthers }) };
}
