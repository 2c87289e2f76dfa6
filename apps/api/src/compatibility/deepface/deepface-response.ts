import type { AssessedFace, DetectorName } from '#face';
import type { Comparison } from '../../comparison/compare-photographs.js';
import { toCoordinates } from '../../faces/face-response.js';
import { DETECTOR_VALUES } from '../../faces/detector-field.js';
import { roundMs } from '../../faces/rounding.js';
import type { DeepFaceAreaDto, DeepFaceVerificationDto } from './deepface-response.dto.js';

/** What a verdict was computed with. */
export interface Used {
  readonly detector: DetectorName;
  /** The name of the weights. */
  readonly model: string;
  /** The distance that was sent, if any: 1 − (1 − 0.3) is 0.30000000000000004. */
  readonly threshold: number | undefined;
}

/** Writes a verdict as deepface does. */
export function toDeepFaceVerification(
  { analyses: [one, other], similarity, threshold: similarityThreshold, verdict }: Comparison,
  { detector, model, threshold = 1 - similarityThreshold }: Used,
  totalMs: number,
): DeepFaceVerificationDto {
  return {
    verified: verdict.match,
    distance: 1 - similarity.cosine,
    threshold,
    model,
    detector_backend: backendOf(detector),
    similarity_metric: 'cosine',
    facial_areas: { img1: toArea(one.face), img2: toArea(other.face) },
    time: roundMs(totalMs / 1000),
  };
}

/** What deepface calls a detector. */
const backendOf = (detector: DetectorName): string =>
  Object.entries(DETECTOR_VALUES).find(([, name]) => name === detector)?.[0] ?? detector;

/** Its left eye is the person's, this service's the viewer's. */
function toArea({ box, landmarks }: AssessedFace): DeepFaceAreaDto {
  const [x, y, x2, y2] = toCoordinates(box);
  return { x, y, w: x2 - x, h: y2 - y, left_eye: toPoint(landmarks.rightEye), right_eye: toPoint(landmarks.leftEye) };
}

const toPoint = ([x, y]: readonly [number, number]): [number, number] => [Math.round(x), Math.round(y)];
