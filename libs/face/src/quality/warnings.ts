import { NETWORKS } from '../detection/detectors.js';
import type { DetectedFace } from '../detection/face-detector.js';
import type { FaceQuality } from './face-quality.js';

/** What may make a comparison with a face unreliable. */
export const FACE_WARNINGS = [
  'FACE_SMALL',
  'BLURRED',
  'TOO_DARK',
  'TOO_BRIGHT',
  'LOW_CONTRAST',
  'TURNED_AWAY',
  'TILTED',
  'FACE_CUT_OFF',
  'SEVERAL_FACES',
  'LOW_CONFIDENCE',
] as const;

export type FaceWarning = (typeof FACE_WARNINGS)[number];

/** Where each measure starts to hurt (docs/quality.md). */
export const QUALITY_LIMITS = {
  eyeDistance: 24,
  sharpness: 0.5,
  darkest: 0.12,
  brightest: 0.85,
  contrast: 0.06,
  yaw: 30,
  pitch: 30,
  roll: 30,
  cutOff: 0.1,
} as const;

/** A face and what is to be judged besides its quality. */
export interface JudgedFace extends Pick<DetectedFace, 'confidence' | 'foundBy'> {
  readonly quality: FaceQuality;
  /** Number of faces found in the photograph. */
  readonly facesFound: number;
}

/** The warnings that apply to a face, in the order of {@link FACE_WARNINGS}. */
export function faceWarnings({ quality, confidence, foundBy, facesFound }: JudgedFace): FaceWarning[] {
  const { eyeDistance, sharpness, brightness, contrast, cutOff, pose } = quality;
  const limits = QUALITY_LIMITS;
  const applies: Readonly<Record<FaceWarning, boolean>> = {
    FACE_SMALL: eyeDistance < limits.eyeDistance,
    BLURRED: sharpness < limits.sharpness,
    TOO_DARK: brightness < limits.darkest,
    TOO_BRIGHT: brightness > limits.brightest,
    LOW_CONTRAST: contrast < limits.contrast,
    TURNED_AWAY: Math.abs(pose.yaw) > limits.yaw || Math.abs(pose.pitch) > limits.pitch,
    TILTED: Math.abs(pose.roll) > limits.roll,
    FACE_CUT_OFF: cutOff > limits.cutOff,
    SEVERAL_FACES: facesFound > 1,
    LOW_CONFIDENCE: confidence < NETWORKS[foundBy].sureFrom,
  };
  return FACE_WARNINGS.filter((warning) => applies[warning]);
}
