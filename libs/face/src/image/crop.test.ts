import { describe, expect, it } from 'vitest';
import type { BoundingBox } from '../geometry/box.js';
import { seededRandom } from '../test-support.fixture.js';
import { type CropRule, faceCrop, type FacePosition } from './crop.js';
import type { Region } from './rgb-image.js';
import type { TurnedSquare } from './turned-square.js';

const PHOTOGRAPH = { width: 400, height: 300 };
const square = (margin: number): CropRule => ({ kind: 'square', margin });
const padded = (padding: number): CropRule => ({ kind: 'padded-box', padding, filter: 'bilinear' });

/** Eyes 40 pixels apart, turned clockwise by an angle. */
const eyes = (angle: number): FacePosition['landmarks'] => {
  const [x, y] = [20 * Math.cos(angle), 20 * Math.sin(angle)];
  return [
    [125 - x, 110 - y],
    [125 + x, 110 + y],
  ];
};

function squareOf(box: BoundingBox, rule: CropRule, landmarks = eyes(0), workingPixel = 1): TurnedSquare {
  const crop = faceCrop({ box, landmarks }, PHOTOGRAPH, rule, workingPixel);
  if (crop.kind !== 'square') throw new Error('expected a square');
  return crop.square;
}

function regionOf(box: BoundingBox, rule: CropRule, workingPixel = 1): Region {
  const crop = faceCrop({ box, landmarks: eyes(0.3) }, PHOTOGRAPH, rule, workingPixel);
  if (crop.kind !== 'region') throw new Error('expected a region');
  return crop.region;
}

describe('square', () => {
  const box = { x1: 100, y1: 100, x2: 150, y2: 150 };

  it('has the geometric mean of width and height as its side, around the same centre', () => {
    const { centreX, centreY, side } = squareOf({ x1: 100, y1: 80, x2: 150, y2: 160 }, square(0));
    expect([centreX, centreY]).toEqual([125, 120]);
    expect(side).toBeCloseTo(Math.sqrt(50 * 80), 10);
  });

  it('grows by its margin in parts of the side', () => {
    expect(squareOf(box, square(0.3))).toEqual({ centreX: 125, centreY: 125, side: 65, angle: 0 });
    expect(squareOf(box, square(1)).side).toBe(100);
  });

  it.each([
    ['the left edge', { x1: -10, y1: 100, x2: 70, y2: 180 }, { x1: 0, y1: 100, x2: 70, y2: 180 }],
    ['the top edge', { x1: 100, y1: -30, x2: 180, y2: 50 }, { x1: 100, y1: 0, x2: 180, y2: 50 }],
    ['the right edge', { x1: 350, y1: 100, x2: 430, y2: 180 }, { x1: 350, y1: 100, x2: 400, y2: 180 }],
    ['the bottom right corner', { x1: 350, y1: 250, x2: 430, y2: 330 }, { x1: 350, y1: 250, x2: 400, y2: 300 }],
    ['all of them', { x1: -200, y1: -200, x2: 600, y2: 600 }, { x1: 0, y1: 0, x2: 400, y2: 300 }],
  ])('is that of the part of the box inside the photograph at %s, and is not shifted', (_, wide, inside) => {
    expect(squareOf(wide, square(0.25))).toEqual(squareOf(inside, square(0.25)));
    const { centreX, centreY, side } = squareOf(wide, square(0.25));
    expect([centreX, centreY]).toEqual([(inside.x1 + inside.x2) / 2, (inside.y1 + inside.y2) / 2]);
    expect(side).toBeCloseTo(1.25 * Math.sqrt((inside.x2 - inside.x1) * (inside.y2 - inside.y1)), 10);
  });

  it('does not depend on the length of a working pixel', () => {
    expect(squareOf(box, square(0.3), eyes(0.1), 3)).toEqual(squareOf(box, square(0.3), eyes(0.1), 1));
  });

  it.each([-170, -90, -35, 0, 12, 90, 135])('is turned like the eyes, by %d degrees', (degrees) => {
    const angle = (degrees * Math.PI) / 180;
    const turned = squareOf(box, square(0.3), eyes(angle));
    expect(turned.angle).toBeCloseTo(angle, 10);
    expect({ ...turned, angle: 0 }).toEqual(squareOf(box, square(0.3)));
  });

  it.each<[string, FacePosition['landmarks']]>([
    [
      'at one point',
      [
        [120, 120],
        [120, 120],
      ],
    ],
    [
      'a pixel apart',
      [
        [120, 120],
        [120, 121],
      ],
    ],
    ['that were not found', []],
  ])('is not turned for eyes %s', (_, landmarks) => {
    expect(squareOf(box, square(0.3), landmarks).angle).toBe(0);
  });

  it('has a side of a pixel or more and its centre inside the photograph, wherever the box lies', () => {
    const random = seededRandom(3);
    const coordinate = (): number => Math.floor(random() * 2000) - 800;
    for (let i = 0; i < 500; i++) {
      const x1 = coordinate();
      const y1 = coordinate();
      const { centreX, centreY, side } = squareOf(
        { x1, y1, x2: x1 + random() * 500, y2: y1 + random() * 500 },
        square(0.3),
      );
      expect(side).toBeGreaterThanOrEqual(1);
      expect(side).toBeLessThanOrEqual(1.3 * 400);
      expect(Math.min(centreX, centreY)).toBeGreaterThanOrEqual(0);
      expect(centreX).toBeLessThanOrEqual(PHOTOGRAPH.width);
      expect(centreY).toBeLessThanOrEqual(PHOTOGRAPH.height);
    }
  });

  it('has a side of one pixel for a box without area', () => {
    expect(squareOf({ x1: 50, y1: 50, x2: 50, y2: 50 }, square(0.3))).toEqual({
      centreX: 50,
      centreY: 50,
      side: 1,
      angle: 0,
    });
  });
});

describe('padded-box', () => {
  it('keeps the aspect ratio and cuts the corners to whole pixels', () => {
    const region = regionOf({ x1: 100.9, y1: 80.9, x2: 150.9, y2: 160.9 }, padded(0));
    expect(region).toEqual({ x: 100, y: 80, width: 50, height: 80 });
  });

  it('grows by its padding on every side', () => {
    const region = regionOf({ x1: 100, y1: 80, x2: 150, y2: 160 }, padded(20));
    expect(region).toEqual({ x: 80, y: 60, width: 90, height: 120 });
  });

  it('measures the padding in pixels of the working size', () => {
    const region = regionOf({ x1: 100, y1: 100, x2: 150, y2: 160 }, padded(20), 1.5);
    expect(region).toEqual({ x: 70, y: 70, width: 110, height: 120 });
  });

  it('is cut at the edges', () => {
    const region = regionOf({ x1: -30, y1: -30, x2: 50, y2: 290 }, padded(20));
    expect(region).toEqual({ x: 0, y: 0, width: 70, height: 300 });
  });

  it('is the whole photograph for a box larger than it', () => {
    const region = regionOf({ x1: -100, y1: -100, x2: 900, y2: 900 }, padded(0));
    expect(region).toEqual({ x: 0, y: 0, width: 400, height: 300 });
  });

  it('brings its filter along', () => {
    const face = { box: { x1: 1, y1: 2, x2: 30, y2: 40 }, landmarks: [] };
    const rule: CropRule = { kind: 'padded-box', padding: 0, filter: 'lanczos3' };
    expect(faceCrop(face, PHOTOGRAPH, rule)).toMatchObject({ kind: 'region', filter: 'lanczos3' });
  });

  it.each([20, 0])('is never empty and never leaves the photograph, with a padding of %d', (padding) => {
    const random = seededRandom(3);
    const coordinate = (): number => Math.floor(random() * 2000) - 800;
    for (let i = 0; i < 500; i++) {
      const x1 = coordinate();
      const y1 = coordinate();
      const box = { x1, y1, x2: x1 + random() * 500, y2: y1 + random() * 500 };
      const { x, y, width, height } = regionOf(box, padded(padding));
      expect([x, y, width, height].every(Number.isInteger)).toBe(true);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(PHOTOGRAPH.width);
      expect(y + height).toBeLessThanOrEqual(PHOTOGRAPH.height);
    }
  });

  it.each([20, 0])('picks at least one pixel for a box without area, with a padding of %d', (padding) => {
    const region = regionOf({ x1: 50, y1: 50, x2: 50, y2: 50 }, padded(padding));
    expect(region.width * region.height).toBeGreaterThanOrEqual(1);
  });
});
