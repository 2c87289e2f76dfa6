import { expect, it } from 'vitest';
import { type DetectedFace, scaleFace } from './face-detector.js';

it('scaleFace scales the box and every landmark, and nothing else', () => {
  const face: DetectedFace = {
    box: { x1: -1, y1: 2, x2: 30, y2: 40 },
    confidence: 0.9,
    landmarks: { leftEye: [10, 11], rightEye: [20, -2] },
    foundBy: 'blazeface-full-range',
  };
  expect(scaleFace(face, 1.5)).toEqual({
    box: { x1: -1.5, y1: 3, x2: 45, y2: 60 },
    confidence: 0.9,
    landmarks: { leftEye: [15, 16.5], rightEye: [30, -3] },
    foundBy: 'blazeface-full-range',
  });
});
