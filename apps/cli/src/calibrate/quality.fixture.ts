import type { FaceQuality } from '#face';

/** The quality of an ordinary face. */
export const ORDINARY_QUALITY: FaceQuality = {
  faceWidth: 100,
  eyeDistance: 40,
  sharpness: 0.4,
  brightness: 0.5,
  contrast: 0.2,
  clippedDark: 0,
  clippedBright: 0,
  isGrey: false,
  cutOff: 0,
  pose: { yaw: 0, pitch: 0, roll: 0 },
};
