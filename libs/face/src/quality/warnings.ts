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

/** Where each measure starts to hurt, as `npm run bench:quality` shows (docs/quality.md). */
export const QUALITY_LIMITS = {
  /** Least distance between the eyes, in pixels of the decoded photograph. */
  eyeDistance: 14,
  sharpness: 0.2,
  /** Least and greatest brightness. */
  darkest: 0.15,
  brightest: 0.87,
  clippedBright: 0.35,
  contrast: 0.04,
  /** In degrees. */
  yaw: 30,
  pitch: 30,
  roll: 40,
  cutOff: 0.25,
} as const;

/** A face and what is to be judged besides its quality. */
export interface JudgedFace extends Pick<DetectedFace, 'confidence' | 'foundBy'> {
  readonly quality: FaceQuality;
  /** Distance between the eyes in the decoded photograph, which is what the embedder sees, in pixels. */
  readonly decodedEyeDistance: number;
  /** Whether the photograph shows another face. */
  readonly hasOthers: boolean;
}

/** The warnings that apply to a face, in the order of {@link FACE_WARNINGS}. */
export function faceWarnings(face: JudgedFace): FaceWarning[] {
  const { quality, decodedEyeDistance, hasOthers } = face;
  const { sharpness, brightness, contrast, clippedBright, cutOff, pose } = quality;
  const limits = QUALITY_LIMITS;
  const applies: Readonly<Record<FaceWarning, boolean>> = {
    FACE_SMALL: decodedEyeDistance < limits.eyeDistance,
    BLURRED: sharpness < limits.sharpness,
    TOO_DARK: brightness < limits.darkest,
    TOO_BRIGHT: brightness > limits.brightest || clippedBright > limits.clippedBright,
    LOW_CONTRAST: contrast < limits.contrast,
    TURNED_AWAY: Math.abs(pose.yaw) > limits.yaw || Math.abs(pose.pitch) > limits.pitch,
    TILTED: Math.abs(pose.roll) > limits.roll,
    FACE_CUT_OFF: cutOff > limits.cutOff,
    SEVERAL_FACES: hasOthers,
    LOW_CONFIDENCE: face.confidence < NETWORKS[face.foundBy].sureFrom,
  };
  return FACE_WARNINGS.filter((warning) => applies[warning]);
}
