import { describe, expect, it } from 'vitest';
import { seededRandom } from '../test-support.fixture.js';
import { type CropRule, cropRegion } from './crop.js';

const PHOTOGRAPH = { width: 400, height: 300 };
const square = (margin: number): CropRule => ({ kind: 'square', margin, filter: 'bilinear' });
const padded = (padding: number): CropRule => ({ kind: 'padded-box', padding, filter: 'bilinear' });

describe('square', () => {
  it('has the geometric mean of width and height as its side, around the same centre', () => {
    const region = cropRegion({ x1: 100, y1: 80, x2: 150, y2: 160 }, PHOTOGRAPH, square(0));
    // √(50 · 80) = 63.2
    expect(region).toEqual({ x: 94, y: 89, width: 63, height: 63 });
  });

  it('grows by its margin in parts of the side', () => {
    const box = { x1: 100, y1: 100, x2: 150, y2: 150 };
    expect(cropRegion(box, PHOTOGRAPH, square(0.3)).width).toBe(65);
    expect(cropRegion(box, PHOTOGRAPH, square(1))).toEqual({ x: 75, y: 75, width: 100, height: 100 });
  });

  it.each([
    ['the left edge', { x1: -10, y1: 100, x2: 70, y2: 180 }, { x: 0, y: 90 }],
    ['the top edge', { x1: 100, y1: -30, x2: 180, y2: 50 }, { x: 90, y: 0 }],
    ['the right edge', { x1: 350, y1: 100, x2: 430, y2: 180 }, { x: 300, y: 90 }],
    ['the bottom right corner', { x1: 350, y1: 250, x2: 430, y2: 330 }, { x: 300, y: 200 }],
  ])('is shifted, not cut, at %s', (_, box, corner) => {
    expect(cropRegion(box, PHOTOGRAPH, square(0.25))).toEqual({ ...corner, width: 100, height: 100 });
  });

  it('is no larger than the shorter side of the photograph', () => {
    const box = { x1: -200, y1: -200, x2: 600, y2: 600 };
    expect(cropRegion(box, PHOTOGRAPH, square(0.3))).toEqual({ x: 50, y: 0, width: 300, height: 300 });
  });

  it('does not depend on the length of a working pixel', () => {
    const box = { x1: 100, y1: 100, x2: 150, y2: 150 };
    expect(cropRegion(box, PHOTOGRAPH, square(0.3), 3)).toEqual(cropRegion(box, PHOTOGRAPH, square(0.3), 1));
  });
});

describe('padded-box', () => {
  it('keeps the aspect ratio and cuts the corners to whole pixels', () => {
    const region = cropRegion({ x1: 100.9, y1: 80.9, x2: 150.9, y2: 160.9 }, PHOTOGRAPH, padded(0));
    expect(region).toEqual({ x: 100, y: 80, width: 50, height: 80 });
  });

  it('grows by its padding on every side', () => {
    const region = cropRegion({ x1: 100, y1: 80, x2: 150, y2: 160 }, PHOTOGRAPH, padded(20));
    expect(region).toEqual({ x: 80, y: 60, width: 90, height: 120 });
  });

  it('measures the padding in pixels of the working size', () => {
    const region = cropRegion({ x1: 100, y1: 100, x2: 150, y2: 160 }, PHOTOGRAPH, padded(20), 1.5);
    expect(region).toEqual({ x: 70, y: 70, width: 110, height: 120 });
  });

  it('is cut at the edges', () => {
    const region = cropRegion({ x1: -30, y1: -30, x2: 50, y2: 290 }, PHOTOGRAPH, padded(20));
    expect(region).toEqual({ x: 0, y: 0, width: 70, height: 300 });
  });

  it('is the whole photograph for a box larger than it', () => {
    const region = cropRegion({ x1: -100, y1: -100, x2: 900, y2: 900 }, PHOTOGRAPH, padded(0));
    expect(region).toEqual({ x: 0, y: 0, width: 400, height: 300 });
  });
});

describe.each([
  ['square', square(0.3)],
  ['padded-box', padded(20)],
  ['padded-box without padding', padded(0)],
])('%s', (_, rule) => {
  it('is never empty and never leaves the photograph, wherever the box lies', () => {
    const random = seededRandom(3);
    const coordinate = (): number => Math.floor(random() * 2000) - 800;
    for (let i = 0; i < 500; i++) {
      const x1 = coordinate();
      const y1 = coordinate();
      const box = { x1, y1, x2: x1 + random() * 500, y2: y1 + random() * 500 };
      const { x, y, width, height } = cropRegion(box, PHOTOGRAPH, rule);
      expect([x, y, width, height].every(Number.isInteger)).toBe(true);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(PHOTOGRAPH.width);
      expect(y + height).toBeLessThanOrEqual(PHOTOGRAPH.height);
    }
  });

  it('picks at least one pixel for a box without area', () => {
    const region = cropRegion({ x1: 50, y1: 50, x2: 50, y2: 50 }, PHOTOGRAPH, rule);
    expect(region.width * region.height).toBeGreaterThanOrEqual(1);
  });
});
