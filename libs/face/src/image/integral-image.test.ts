import { describe, expect, it } from 'vitest';
import type { Size } from '../geometry/box.js';
import { seededRandom } from '../seeded-random.fixture.js';
import { largestDifference, randomImage } from '../test-support.fixture.js';
import { IntegralImage } from './integral-image.js';
import type { Region, RgbImage } from './rgb-image.js';
import type { PixelNormalisation } from './tensor.js';

const UNCHANGED: PixelNormalisation = { mean: 0, divisor: 1 };

function average(image: RgbImage, region: Region, out: Size, normalisation = UNCHANGED): Float32Array {
  const data = new Float32Array(3 * out.width * out.height);
  const table = new IntegralImage(image);
  table.average(region, out, normalisation, { data, offset: 0 });
  table.release();
  return data;
}

/** PyTorch's definition of mode='area' (adaptive average pooling), pixel by pixel. */
function bruteForce({ pixels, width }: RgbImage, region: Region, out: Size): Float64Array {
  const result = new Float64Array(3 * out.width * out.height);
  for (let channel = 0; channel < 3; channel++) {
    for (let j = 0; j < out.height; j++) {
      for (let i = 0; i < out.width; i++) {
        const fromX = Math.floor((i * region.width) / out.width);
        const toX = Math.ceil(((i + 1) * region.width) / out.width);
        const fromY = Math.floor((j * region.height) / out.height);
        const toY = Math.ceil(((j + 1) * region.height) / out.height);
        let sum = 0;
        for (let y = fromY; y < toY; y++) {
          for (let x = fromX; x < toX; x++) sum += pixels[((region.y + y) * width + region.x + x) * 3 + channel];
        }
        result[(channel * out.height + j) * out.width + i] = sum / ((toX - fromX) * (toY - fromY));
      }
    }
  }
  return result;
}

describe('IntegralImage', () => {
  const image = randomImage(61, 47, 1);
  const whole = { x: 0, y: 0, width: 61, height: 47 };

  it.each([
    ['to its own size', whole, { width: 61, height: 47 }],
    ['to one pixel', whole, { width: 1, height: 1 }],
    ['with ragged windows', whole, { width: 17, height: 13 }],
    ['enlarged', whole, { width: 100, height: 90 }],
    ['enlarged on one axis, shrunk on the other', whole, { width: 122, height: 5 }],
    ['a region in the middle', { x: 9, y: 11, width: 30, height: 21 }, { width: 12, height: 12 }],
    ['a region in the last corner', { x: 40, y: 30, width: 21, height: 17 }, { width: 24, height: 24 }],
    ['a single pixel, enlarged', { x: 60, y: 46, width: 1, height: 1 }, { width: 12, height: 12 }],
    ['a single row', { x: 0, y: 5, width: 61, height: 1 }, { width: 7, height: 3 }],
  ])('averages like the brute force: %s', (_, region, out) => {
    expect(largestDifference(average(image, region, out), bruteForce(image, region, out))).toBeLessThan(1e-4);
  });

  it('averages any region like the brute force', () => {
    const random = seededRandom(11);
    const upTo = (limit: number): number => 1 + Math.floor(random() * limit);
    for (let round = 0; round < 60; round++) {
      const region = { x: upTo(60) - 1, y: upTo(46) - 1, width: 0, height: 0 };
      region.width = upTo(61 - region.x);
      region.height = upTo(47 - region.y);
      const out = { width: upTo(48), height: upTo(48) };
      expect(largestDifference(average(image, region, out), bruteForce(image, region, out))).toBeLessThan(1e-4);
    }
  });

  it('normalises each value as (value − mean) / divisor', () => {
    const plain = average(image, whole, { width: 9, height: 7 });
    const normalised = average(image, whole, { width: 9, height: 7 }, { mean: 127.5, divisor: 128 });
    normalised.forEach((value, i) => {
      expect(value).toBeCloseTo((plain[i] - 127.5) / 128, 5);
    });
  });

  it('writes the planes R, G, B from the offset on and nothing else', () => {
    const colour: RgbImage = { width: 2, height: 1, pixels: Uint8Array.of(10, 20, 30, 30, 40, 50) };
    const data = new Float32Array(6).fill(-1);
    new IntegralImage(colour).average({ x: 0, y: 0, width: 2, height: 1 }, { width: 1, height: 1 }, UNCHANGED, {
      data,
      offset: 2,
    });
    expect([...data]).toEqual([-1, -1, 20, 30, 40, -1]);
  });

  it('keeps its own sums while another image has a table', () => {
    const out = { width: 10, height: 10 };
    const alone = average(image, whole, out);
    const table = new IntegralImage(image);
    average(randomImage(90, 80, 5), { x: 0, y: 0, width: 90, height: 80 }, out);
    const beside = new Float32Array(300);
    table.average(whole, out, UNCHANGED, { data: beside, offset: 0 });
    table.release();
    expect(beside).toEqual(alone);
  });

  it('is exact for the largest image a detector uses', () => {
    const side = 1024;
    const white: RgbImage = { width: side, height: side, pixels: new Uint8Array(side * side * 3).fill(255) };
    const whites = average(white, { x: 0, y: 0, width: side, height: side }, { width: 3, height: 3 });
    expect([...whites]).toEqual(Array.from({ length: 27 }, () => 255));
  });
});
