import { describe, expect, it } from 'vitest';
import { NETWORK_NAMES, NETWORKS } from '../detection/detectors.js';
import type { FaceQuality } from './face-quality.js';
import { FACE_WARNINGS, faceWarnings, type JudgedFace, QUALITY_LIMITS as LIMITS } from './warnings.js';

const GOOD: FaceQuality = {
  eyeDistance: 80,
  faceWidth: 180,
  sharpness: 0.5,
  brightness: 0.5,
  contrast: 0.15,
  clippedDark: 0,
  clippedBright: 0,
  isGrey: false,
  cutOff: 0,
  pose: { roll: 0, yaw: 0, pitch: 0 },
};

const face = (quality: Partial<FaceQuality>, rest: Partial<JudgedFace> = {}): JudgedFace => ({
  quality: { ...GOOD, ...quality },
  decodedEyeDistance: 80,
  confidence: 1,
  foundBy: 'mtcnn',
  hasOthers: false,
  ...rest,
});

const posed = (pose: Partial<FaceQuality['pose']>): JudgedFace => face({ pose: { ...GOOD.pose, ...pose } });

describe('faceWarnings', () => {
  it('has none for a good face', () => {
    expect(faceWarnings(face({}))).toEqual([]);
  });

  it.each([
    ['FACE_SMALL', face({}, { decodedEyeDistance: LIMITS.eyeDistance - 0.1 })],
    ['BLURRED', face({ sharpness: LIMITS.sharpness - 0.01 })],
    ['TOO_DARK', face({ brightness: LIMITS.darkest - 0.01 })],
    ['TOO_BRIGHT', face({ brightness: LIMITS.brightest + 0.01 })],
    ['TOO_BRIGHT', face({ clippedBright: LIMITS.clippedBright + 0.01 })],
    ['LOW_CONTRAST', face({ contrast: LIMITS.contrast - 0.001 })],
    ['TURNED_AWAY', posed({ yaw: LIMITS.yaw + 1 })],
    ['TURNED_AWAY', posed({ yaw: -LIMITS.yaw - 1 })],
    ['TURNED_AWAY', posed({ pitch: LIMITS.pitch + 1 })],
    ['TURNED_AWAY', posed({ pitch: -LIMITS.pitch - 1 })],
    ['TILTED', posed({ roll: LIMITS.roll + 1 })],
    ['TILTED', posed({ roll: -LIMITS.roll - 1 })],
    ['FACE_CUT_OFF', face({ cutOff: LIMITS.cutOff + 0.01 })],
    ['SEVERAL_FACES', face({}, { hasOthers: true })],
  ])('has %s alone just beyond its limit', (warning, judged) => {
    expect(faceWarnings(judged)).toEqual([warning]);
  });

  it('has none at the limits themselves', () => {
    const { sharpness, darkest, contrast, clippedBright, cutOff, roll, yaw, pitch } = LIMITS;
    const atLimits = { sharpness, brightness: darkest, contrast, clippedBright, cutOff, pose: { roll, yaw, pitch } };
    expect(faceWarnings(face(atLimits, { decodedEyeDistance: LIMITS.eyeDistance }))).toEqual([]);
  });

  it.each(NETWORK_NAMES)('has LOW_CONFIDENCE below what makes %s sure', (foundBy) => {
    const { sureFrom } = NETWORKS[foundBy];
    expect(faceWarnings(face({}, { foundBy, confidence: sureFrom - 0.001 }))).toEqual(['LOW_CONFIDENCE']);
    expect(faceWarnings(face({}, { foundBy, confidence: sureFrom }))).toEqual([]);
  });

  it('lists several in their fixed order', () => {
    const worst = face(
      { sharpness: 0, brightness: 0, contrast: 0, cutOff: 0.9, pose: { roll: 80, yaw: 80, pitch: 80 } },
      { decodedEyeDistance: 3, hasOthers: true, confidence: 0.1 },
    );
    expect(faceWarnings(worst)).toEqual(FACE_WARNINGS.filter((warning) => warning !== 'TOO_BRIGHT'));
  });
});
