import { describe, expect, it } from 'vitest';
import { eyes } from '../test-support.fixture.js';
import type { DetectedFace } from './face-detector.js';
import { bySize, selectFace } from './face-selection.js';

const face = (side: number, confidence: number, x = 0): DetectedFace => ({
  box: { x1: x, y1: 0, x2: x + side, y2: side },
  confidence,
  landmarks: eyes(),
  foundBy: 'mtcnn',
});

describe('bySize', () => {
  it('puts the largest box first, whatever the confidence of the others', () => {
    const faces = [face(50, 0.99), face(80, 0.7), face(60, 0.95)];
    expect(bySize(faces).map(({ box }) => box.x2)).toEqual([80, 60, 50]);
  });

  it('puts the more confident of two equal boxes first, in either order', () => {
    const faces = [face(50, 0.8), face(50, 0.9, 100)];
    expect(bySize(faces)[0]).toBe(faces[1]);
    expect(bySize([...faces].reverse())[0]).toBe(faces[1]);
  });

  it('does not reorder its input', () => {
    const faces = [face(50, 0.8), face(90, 0.9)];
    bySize(faces);
    expect(faces.map(({ box }) => box.x2)).toEqual([50, 90]);
  });
});

describe('selectFace', () => {
  const photograph = { width: 400, height: 80 };
  const [large, central] = [face(80, 0.9), face(60, 0.9, 170)];

  it('selects the largest', () => {
    expect(selectFace([large, central], 'largest', photograph)).toBe(large);
  });

  it('selects the one nearest to the centre', () => {
    expect(selectFace([large, central, face(50, 0.9, 350)], 'central', photograph)).toBe(central);
  });

  it('selects a single one, and rejects several, reporting how many', () => {
    expect(selectFace([large], 'single', photograph)).toBe(large);
    expect(() => selectFace([large, central], 'single', photograph)).toThrow(/MULTIPLE_FACES: shows 2 faces/);
  });
});
