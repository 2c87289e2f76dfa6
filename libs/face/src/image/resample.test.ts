import { describe, expect, it } from 'vitest';
import type { Size } from '../geometry/box.js';
import { largestDifference, meanDifference, randomImage } from '../test-support.fixture.js';
import { resample, type ResampleFilter } from './resample.js';
import type { Region, RgbImage } from './rgb-image.js';
import type { PixelNormalisation } from './tensor.js';

const UNCHANGED: PixelNormalisation = { mean: 0, divisor: 1 };
const FILTERS: readonly ResampleFilter[] = ['bilinear', 'lanczos3'];

const wholeOf = ({ width, height }: Size): Region => ({ x: 0, y: 0, width, height });

function resampled(image: RgbImage, region: Region, out: Size, filter: ResampleFilter): Float32Array {
  const data = new Float32Array(3 * out.width * out.height);
  resample(image, region, out, filter, UNCHANGED, { data, offset: 0 });
  return data;
}

/** An image of one grey row. */
const row = (...values: number[]): RgbImage => ({
  width: values.length,
  height: 1,
  pixels: Uint8Array.from(values.flatMap((value) => [value, value, value])),
});

const KERNELS: Record<ResampleFilter, { radius: number; weight: (x: number) => number }> = {
  bilinear: { radius: 1, weight: (x) => (Math.abs(x) < 1 ? 1 - Math.abs(x) : 0) },
  lanczos3: {
    radius: 3,
    weight: (x) => {
      if (x === 0) return 1;
      if (Math.abs(x) >= 3) return 0;
      const t = Math.PI * x;
      return (3 * Math.sin(t) * Math.sin(t / 3)) / (t * t);
    },
  },
};

/** Every pixel of the region weighted by the two-dimensional kernel: slow, without tables. */
function bruteForce({ pixels, width }: RgbImage, region: Region, out: Size, filter: ResampleFilter): Float64Array {
  const { weight } = KERNELS[filter];
  const result = new Float64Array(3 * out.width * out.height);
  const scaleX = region.width / out.width;
  const scaleY = region.height / out.height;
  for (let j = 0; j < out.height; j++) {
    for (let i = 0; i < out.width; i++) {
      const sums = [0, 0, 0];
      let total = 0;
      for (let y = 0; y < region.height; y++) {
        const weightY = weight((y + 0.5 - (j + 0.5) * scaleY) / Math.max(scaleY, 1));
        for (let x = 0; x < region.width; x++) {
          const w = weightY * weight((x + 0.5 - (i + 0.5) * scaleX) / Math.max(scaleX, 1));
          total += w;
          for (let c = 0; c < 3; c++) sums[c] += w * pixels[((region.y + y) * width + region.x + x) * 3 + c];
        }
      }
      sums.forEach((sum, c) => {
        result[(c * out.height + j) * out.width + i] = sum / total;
      });
    }
  }
  return result;
}

describe.each(FILTERS)('resample with %s', (filter) => {
  const image = randomImage(37, 29, 2);

  it('changes nothing at the same size', () => {
    const plane = 37 * 29;
    const unchanged = Float64Array.from({ length: 3 * plane }, (_, i) => {
      return image.pixels[3 * (i % plane) + Math.floor(i / plane)];
    });
    expect(largestDifference(resampled(image, wholeOf(image), image, filter), unchanged)).toBeLessThan(1e-3);
  });

  it.each([
    ['shrunk', { width: 11, height: 7 }],
    ['enlarged', { width: 80, height: 65 }],
  ])('keeps a uniform grey uniform, %s', (_, out) => {
    const grey = { ...image, pixels: new Uint8Array(image.pixels.length).fill(77) };
    const evenly = new Float32Array(3 * out.width * out.height).fill(77);
    expect(largestDifference(resampled(grey, wholeOf(grey), out, filter), evenly)).toBeLessThan(1e-3);
  });

  it.each<[string, Region, Size]>([
    ['shrinking', { x: 0, y: 0, width: 37, height: 29 }, { width: 12, height: 9 }],
    ['enlarging', { x: 0, y: 0, width: 37, height: 29 }, { width: 50, height: 41 }],
    ['one axis each way', { x: 0, y: 0, width: 37, height: 29 }, { width: 8, height: 60 }],
    ['of a region inside', { x: 5, y: 7, width: 21, height: 13 }, { width: 16, height: 16 }],
    ['of a region in the last corner', { x: 30, y: 20, width: 7, height: 9 }, { width: 20, height: 20 }],
    ['of one pixel', { x: 36, y: 28, width: 1, height: 1 }, { width: 4, height: 4 }],
  ])('agrees with the brute force, %s', (_, region, out) => {
    const expected = bruteForce(image, region, out, filter);
    expect(largestDifference(resampled(image, region, out, filter), expected)).toBeLessThan(1e-3);
  });

  it('does not read pixels outside the region', () => {
    const region = { x: 10, y: 10, width: 10, height: 10 };
    const inside = (i: number): boolean => {
      const x = Math.floor(i / 3) % 37;
      const y = Math.floor(i / 3 / 37);
      return x >= 10 && x < 20 && y >= 10 && y < 20;
    };
    const inverted = { ...image, pixels: image.pixels.map((value, i) => (inside(i) ? value : 255 - value)) };
    const out = { width: 16, height: 16 };
    expect(resampled(inverted, region, out, filter)).toEqual(resampled(image, region, out, filter));
  });

  it('normalises and writes from the offset on', () => {
    const data = new Float32Array(5).fill(9);
    const target = { data, offset: 1 };
    resample(row(255), wholeOf(row(255)), { width: 1, height: 1 }, filter, { mean: 127.5, divisor: 128 }, target);
    expect(data[0]).toBe(9);
    for (const value of data.subarray(1, 4)) expect(value).toBeCloseTo(127.5 / 128, 6);
    expect(data[4]).toBe(9);
  });
});

describe('known cases', () => {
  it('bilinear halves four pixels with the weights 3 3 1 around each pair', () => {
    const [first, second] = resampled(
      row(0, 80, 160, 240),
      { x: 0, y: 0, width: 4, height: 1 },
      { width: 2, height: 1 },
      'bilinear',
    );
    expect(first).toBeCloseTo((3 * 0 + 3 * 80 + 160) / 7, 3);
    expect(second).toBeCloseTo((80 + 3 * 160 + 3 * 240) / 7, 3);
  });

  it('bilinear doubles two pixels with quarter steps between them', () => {
    const values = resampled(row(0, 100), { x: 0, y: 0, width: 2, height: 1 }, { width: 4, height: 1 }, 'bilinear');
    expect([...values.subarray(0, 4)]).toEqual([0, 25, 75, 100]);
  });

  it('lanczos3 overshoots at an edge and bilinear does not', () => {
    const edge = row(50, 50, 50, 50, 200, 200, 200, 200);
    const region = wholeOf(edge);
    const out = { width: 16, height: 1 };
    expect(Math.max(...resampled(edge, region, out, 'bilinear'))).toBeLessThanOrEqual(200.001);
    expect(Math.max(...resampled(edge, region, out, 'lanczos3'))).toBeGreaterThan(203);
  });

  it('lanczos3 keeps more of a fine pattern than bilinear when downscaling', () => {
    const stripes = row(...Array.from({ length: 90 }, (_, x) => 128 + 100 * Math.sin((2 * Math.PI * x) / 5)));
    const out = { width: 60, height: 1 };
    const flat = new Float32Array(180).fill(128);
    const contrast = (filter: ResampleFilter): number =>
      meanDifference(resampled(stripes, wholeOf(stripes), out, filter), flat);
    expect(contrast('lanczos3')).toBeGreaterThan(1.2 * contrast('bilinear'));
  });
});
