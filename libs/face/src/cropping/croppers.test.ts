import { assert, double, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoundingBox } from '../geometry/box.js';
import type { DetectedFace } from '../detection/face-detector.js';
import type { EmbedderInput } from '../embedding/embedder.js';
import type { RgbImage } from '../image/rgb-image.js';
import type { TurnedSquare } from '../image/turned-square.js';
import { asPhotograph, cropBy, eyes, marginsBy, randomImage } from '../test-support.fixture.js';
import { CROP_RULES, type CropRule } from './crop-rule.js';
import { faceCropper } from './croppers.js';
import { levelSquare } from './level-square-cropper.js';
import { paddedRegion } from './padded-box-cropper.js';

const PHOTOGRAPH = { width: 400, height: 300 };

const squareOf = (box: BoundingBox, margin: number, landmarks = eyes()): TurnedSquare =>
  levelSquare({ box, landmarks }, PHOTOGRAPH, margin);

/** Boxes inside, across the edge of and outside the photograph. */
const anyBox = record({
  x1: double({ min: -800, max: 1200, noNaN: true }),
  y1: double({ min: -800, max: 1200, noNaN: true }),
  width: double({ min: 0, max: 500, noNaN: true }),
  height: double({ min: 0, max: 500, noNaN: true }),
}).map(({ x1, y1, width, height }) => ({ x1, y1, x2: x1 + width, y2: y1 + height }));

describe('levelSquare', () => {
  const box = { x1: 100, y1: 100, x2: 150, y2: 150 };

  it('has the box’s centre, and the geometric mean of its width and height as its side', () => {
    const { centreX, centreY, side } = squareOf({ x1: 100, y1: 80, x2: 150, y2: 160 }, 0);
    expect([centreX, centreY]).toEqual([125, 120]);
    expect(side).toBeCloseTo(Math.sqrt(50 * 80), 10);
  });

  it('grows by its margin, a fraction of the side', () => {
    expect(squareOf(box, 0.3)).toEqual({ centreX: 125, centreY: 125, side: 65, angle: 0 });
    expect(squareOf(box, 1).side).toBe(100);
  });

  it.each([
    ['the left edge', { x1: -10, y1: 100, x2: 70, y2: 180 }, { x1: 0, y1: 100, x2: 70, y2: 180 }],
    ['the top edge', { x1: 100, y1: -30, x2: 180, y2: 50 }, { x1: 100, y1: 0, x2: 180, y2: 50 }],
    ['the right edge', { x1: 350, y1: 100, x2: 430, y2: 180 }, { x1: 350, y1: 100, x2: 400, y2: 180 }],
    ['the bottom right corner', { x1: 350, y1: 250, x2: 430, y2: 330 }, { x1: 350, y1: 250, x2: 400, y2: 300 }],
    ['all of them', { x1: -200, y1: -200, x2: 600, y2: 600 }, { x1: 0, y1: 0, x2: 400, y2: 300 }],
  ])('is computed from the part of the box inside the photograph, without a shift: %s', (_, wide, inside) => {
    expect(squareOf(wide, 0.25)).toEqual(squareOf(inside, 0.25));
    const { centreX, centreY, side } = squareOf(wide, 0.25);
    expect([centreX, centreY]).toEqual([(inside.x1 + inside.x2) / 2, (inside.y1 + inside.y2) / 2]);
    expect(side).toBeCloseTo(1.25 * Math.sqrt((inside.x2 - inside.x1) * (inside.y2 - inside.y1)), 10);
  });

  it.each([-170, -90, -35, 0, 12, 90, 135])('is rotated with the eyes, by %d degrees', (degrees) => {
    const angle = (degrees * Math.PI) / 180;
    const turned = squareOf(box, 0.3, eyes(angle));
    expect(turned.angle).toBeCloseTo(angle, 10);
    expect({ ...turned, angle: 0 }).toEqual(squareOf(box, 0.3));
  });

  it.each([0, 1])('is not rotated for eyes %d pixels apart', (apart) => {
    expect(squareOf(box, 0.3, eyes(Math.PI / 2, [120, 120], apart)).angle).toBe(0);
  });

  it('has a side of at least one pixel and its centre inside the photograph, wherever the box is', () => {
    assert(
      property(anyBox, (box) => {
        const { centreX, centreY, side } = squareOf(box, 0.3);
        expect(side).toBeGreaterThanOrEqual(1);
        expect(side).toBeLessThanOrEqual(1.3 * 400);
        expect(Math.min(centreX, centreY)).toBeGreaterThanOrEqual(0);
        expect(centreX).toBeLessThanOrEqual(PHOTOGRAPH.width);
        expect(centreY).toBeLessThanOrEqual(PHOTOGRAPH.height);
      }),
    );
  });

  it('has a side of one pixel for an empty box', () => {
    expect(squareOf({ x1: 50, y1: 50, x2: 50, y2: 50 }, 0.3)).toEqual({
      centreX: 50,
      centreY: 50,
      side: 1,
      angle: 0,
    });
  });
});

describe('paddedRegion', () => {
  it('keeps the aspect ratio and truncates the corners to whole pixels', () => {
    const region = paddedRegion({ x1: 100.9, y1: 80.9, x2: 150.9, y2: 160.9 }, PHOTOGRAPH, 0);
    expect(region).toEqual({ x: 100, y: 80, width: 50, height: 80 });
  });

  it('grows by its padding on every side', () => {
    const region = paddedRegion({ x1: 100, y1: 80, x2: 150, y2: 160 }, PHOTOGRAPH, 20);
    expect(region).toEqual({ x: 80, y: 60, width: 90, height: 120 });
  });

  it('is clipped at the edges', () => {
    const region = paddedRegion({ x1: -30, y1: -30, x2: 50, y2: 290 }, PHOTOGRAPH, 20);
    expect(region).toEqual({ x: 0, y: 0, width: 70, height: 300 });
  });

  it('is the whole photograph for a box larger than it', () => {
    const region = paddedRegion({ x1: -100, y1: -100, x2: 900, y2: 900 }, PHOTOGRAPH, 0);
    expect(region).toEqual({ x: 0, y: 0, width: 400, height: 300 });
  });

  it.each([20, 0])('is never empty and stays inside the photograph, with a padding of %d', (padding) => {
    assert(
      property(anyBox, (box) => {
        const { x, y, width, height } = paddedRegion(box, PHOTOGRAPH, padding);
        expect([x, y, width, height].every(Number.isInteger)).toBe(true);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(PHOTOGRAPH.width);
        expect(y + height).toBeLessThanOrEqual(PHOTOGRAPH.height);
      }),
    );
  });

  it.each([20, 0])('has at least one pixel for an empty box, with a padding of %d', (padding) => {
    const region = paddedRegion({ x1: 50, y1: 50, x2: 50, y2: 50 }, PHOTOGRAPH, padding);
    expect(region.width * region.height).toBeGreaterThanOrEqual(1);
  });
});

const INPUT: EmbedderInput = { side: 160, normalisation: { mean: 127.5, divisor: 128 } };

describe.each(CROP_RULES)('the %s cropper', (rule: CropRule) => {
  const photograph = asPhotograph(randomImage(200, 180, 9));
  const crop = (box: BoundingBox, input = INPUT, foundBy: DetectedFace['foundBy'] = 'mtcnn'): Float32Array =>
    faceCropper({ rule, margins: marginsBy(() => 0) }, input).crop(
      { box, landmarks: eyes(), confidence: 1, foundBy },
      photograph,
    );

  it('returns an NCHW tensor normalised for the embedder', () => {
    for (const [mean, divisor] of [
      [127.5, 128],
      [0, 255],
    ]) {
      const tensor = crop({ x1: 20, y1: 10, x2: 180, y2: 170 }, { side: 160, normalisation: { mean, divisor } });
      expect(tensor).toHaveLength(3 * 160 * 160);
      for (const channel of [0, 1, 2]) {
        const first = photograph.pixels[(10 * 200 + 20) * 3 + channel];
        const last = photograph.pixels[(169 * 200 + 179) * 3 + channel];
        expect(tensor[channel * 25_600]).toBeCloseTo((first - mean) / divisor, 5);
        expect(tensor[channel * 25_600 + 25_599]).toBeCloseTo((last - mean) / divisor, 5);
      }
    }
  });

  it.each([112, 160])('returns a square input of %d pixels, whatever the shape of the box', (side) => {
    for (const box of [
      { x1: 0, y1: 0, x2: 200, y2: 7 },
      { x1: 199, y1: 179, x2: 200, y2: 180 },
      { x1: 300, y1: 300, x2: 400, y2: 400 },
    ]) {
      const tensor = crop(box, { ...INPUT, side });
      expect(tensor).toHaveLength(3 * side * side);
      expect(tensor.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('the reference cropper', () => {
  const cropper = faceCropper(cropBy('reference'), INPUT);
  /** White within a box, black around it. */
  function whiteBox({ width, height }: { width: number; height: number }, box: BoundingBox): RgbImage {
    const pixels = new Uint8Array(width * height * 3);
    for (let y = box.y1; y < box.y2; y++) pixels.fill(255, (y * width + box.x1) * 3, (y * width + box.x2) * 3);
    return { width, height, pixels };
  }
  const box = { x1: 800, y1: 800, x2: 1200, y2: 1200 };
  const crop = (side: number, foundBy: DetectedFace['foundBy']): Float32Array =>
    cropper.crop(
      { box, landmarks: eyes(0.3), confidence: 1, foundBy },
      asPhotograph(whiteBox({ width: side, height: side }, box)),
    );
  /** The fraction of the crop's height above the box, along the middle column. */
  const rowsAround = (tensor: Float32Array): number => {
    const column = Array.from({ length: INPUT.side }, (_, y) => tensor[y * INPUT.side + INPUT.side / 2]);
    return column.findIndex((value) => value > 0) / INPUT.side;
  };

  it('adds no padding to MTCNN boxes', () => {
    expect(rowsAround(crop(2000, 'mtcnn'))).toBe(0);
  });

  it('pads BlazeFace boxes by 20 pixels of the working size', () => {
    // 2048 pixels are twice the working size, so the 20 pixels become 40.
    expect(rowsAround(crop(2048, 'blazeface-full-range'))).toBeCloseTo(40 / 480, 2);
    expect(rowsAround(crop(4096, 'blazeface-short-range'))).toBeCloseTo(80 / 560, 2);
  });
});
