import { describe, expect, it } from 'vitest';
import { CROP_RULES } from '../../../libs/face/src/cropping/crop-rule.js';
import { faceCropper } from '../../../libs/face/src/cropping/croppers.js';
import type { RgbImage } from '../../../libs/face/src/image/rgb-image.js';
import { asPhotograph, cropBy, eyes } from '../../../libs/face/src/test-support.fixture.js';
import { CROP_SIDE, type Corners, moveInto, patchAround, type Rgba, sampleCrop } from '../src/crop.js';

const INPUT = { side: CROP_SIDE, normalisation: { mean: 0, divisor: 1 } };

/** Smooth waves with a few hard edges, different in each channel. */
function picture(width: number, height: number): RgbImage {
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [channel, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / (3 * width))];
    const wave = Math.sin((x + 40 * channel) / 17) * Math.cos(y / (13 + 5 * channel));
    return 128 + 90 * wave + (Math.floor(x / 60) % 2 === 0 ? 20 : -20);
  });
  return { width, height, pixels };
}

const rgbaOf = ({ width, height, pixels }: RgbImage): Rgba => {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) data.set(pixels.subarray(3 * i, 3 * i + 3), 4 * i);
  return { width, height, data };
};

/** The greatest and the mean difference between a crop of the page and that of the service, of 255. */
function difference(page: Uint8ClampedArray, tensor: Float32Array): { greatest: number; mean: number } {
  const area = CROP_SIDE * CROP_SIDE;
  const differences = Array.from(tensor, (value, i) => Math.abs(page[4 * (i % area) + Math.floor(i / area)] - value));
  return { greatest: Math.max(...differences), mean: differences.reduce((sum, one) => sum + one, 0) / tensor.length };
}

describe.each(CROP_RULES)('a crop by the rule %s', (rule) => {
  const cropper = faceCropper(cropBy(rule), INPUT);

  it.each([
    ['inside, smaller than the crop', { x1: 200, y1: 150, x2: 280, y2: 260 }, 0.3],
    ['inside, larger than the crop', { x1: 100, y1: 60, x2: 420, y2: 460 }, -0.4],
    ['across the left edge', { x1: -60, y1: 150, x2: 140, y2: 390 }, 0.2],
    ['across the lower right corner', { x1: 480, y1: 400, x2: 700, y2: 700 }, 0],
    ['upside down', { x1: 150, y1: 150, x2: 350, y2: 380 }, Math.PI],
  ])('shows what the service crops: a face %s', (_, box, tilt) => {
    const photograph = picture(640, 560);
    const face = { box, landmarks: eyes(tilt), confidence: 1, foundBy: 'mtcnn' } as const;
    const corners = cropper.corners(face, photograph) as Corners;
    const tensor = cropper.crop(face, asPhotograph(photograph));

    const shown = difference(sampleCrop(rgbaOf(photograph), corners, CROP_SIDE), tensor);
    expect(shown.mean).toBeLessThan(1);
    expect(shown.greatest).toBeLessThan(rule === 'square' ? 3 : 12);
  });
});

describe('the patch around a crop', () => {
  const photograph = { width: 4000, height: 3000 };
  const square = (x: number, y: number, side: number): Corners => [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
  ];

  it('has all pixels that the crop needs, and none outside the photograph', () => {
    expect(patchAround(square(1000, 1000, 160), photograph)).toEqual({
      x: 997,
      y: 997,
      width: 166,
      height: 166,
      shrink: 1,
    });
    expect(patchAround(square(-200, 2900, 400), photograph)).toEqual({
      x: 0,
      y: 2895,
      width: 205,
      height: 105,
      shrink: 0.8,
    });
  });

  it('is never empty, even where the crop lies outside', () => {
    const { x, y, width, height } = patchAround(square(5000, -900, 160), photograph);
    expect([x, y, width, height]).toEqual([3999, 0, 1, 1]);
  });

  it('is made smaller the more pixels of it fall on one of the crop', () => {
    const patch = patchAround(square(0, 0, 2400), photograph);
    expect(patch.shrink).toBeCloseTo(2 / 15, 10);
    const small = { width: Math.round(patch.width * patch.shrink), height: Math.round(patch.height * patch.shrink) };
    const [, , lowerRight] = moveInto(square(0, 0, 2400), patch, small);
    expect(lowerRight[0]).toBeCloseTo(320, 0);
  });
});
