import { expect, it } from 'vitest';
import type { DetectedFace } from './face-detector.js';
import { largestFace } from './largest-face.js';

const face = (side: number, confidence: number, x = 0): DetectedFace => ({
  box: { x1: x, y1: 0, x2: x + side, y2: side },
  confidence,
  landmarks: [],
  foundBy: 'mtcnn',
});

it('is undefined where there is no face', () => {
  expect(largestFace([])).toBeUndefined();
});

it('is the one with the largest box, however sure the others are', () => {
  const faces = [face(50, 0.99), face(80, 0.7), face(60, 0.95)];
  expect(largestFace(faces)).toBe(faces[1]);
});

it('is the surer one of two equal boxes, in either order', () => {
  const faces = [face(50, 0.8), face(50, 0.9, 100)];
  expect(largestFace(faces)).toBe(faces[1]);
  expect(largestFace([...faces].reverse())).toBe(faces[1]);
});

it('does not reorder the faces it is given', () => {
  const faces = [face(50, 0.8), face(90, 0.9)];
  largestFace(faces);
  expect(faces.map(({ box }) => box.x2)).toEqual([50, 90]);
});
