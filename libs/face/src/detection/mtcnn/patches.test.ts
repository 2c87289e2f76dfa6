import { describe, expect, it } from 'vitest';
import { IntegralImage } from '../../image/integral-image.js';
import type { Region } from '../../image/rgb-image.js';
import { randomImage } from '../../test-support.fixture.js';
import type { Candidate } from './candidate.js';
import { cutPatches, pixelRegion } from './patches.js';

const image = randomImage(40, 30, 5);
const table = new IntegralImage(image);
const candidate = (x1: number, y1: number, x2: number, y2: number): Candidate => ({
  x1,
  y1,
  x2,
  y2,
  score: 0.9,
});
const pixel = (x: number, y: number, channel: number): number =>
  Math.fround((image.pixels[(y * 40 + x) * 3 + channel] - 127.5) / 128);

const regions = (...candidates: readonly Candidate[]): Region[] =>
  candidates.map((square) => pixelRegion(square, table)).filter((region) => region !== undefined);

describe('pixelRegion', () => {
  it('counts pixels from 1 with both ends inside', () => {
    expect(regions(candidate(6.9, 8.2, 9.7, 11.9))).toEqual([{ x: 5, y: 7, width: 4, height: 4 }]);
  });

  it('clips a candidate to the image', () => {
    expect(regions(candidate(-50, -50, 200, 200))).toEqual([{ x: 0, y: 0, width: 40, height: 30 }]);
  });

  it('is undefined for squares outside the image', () => {
    const outside = [
      candidate(-20, 5, -1, 10),
      candidate(41, 5, 50, 10),
      candidate(5, 31, 10, 40),
      candidate(5, -9, 9, 0),
    ];
    expect(regions(...outside)).toEqual([]);
  });
});

describe('cutPatches', () => {
  it('copies regions of the patch size pixel by pixel, one after the other', () => {
    const { data, dims } = cutPatches(table, regions(candidate(6, 8, 9, 11), candidate(1, 1, 4, 4)), 4);
    expect(dims).toEqual([2, 3, 4, 4]);
    for (const channel of [0, 1, 2]) {
      expect(data[channel * 16]).toBeCloseTo(pixel(5, 7, channel), 5);
      expect(data[channel * 16 + 15]).toBeCloseTo(pixel(8, 10, channel), 5);
      expect(data[48 + channel * 16]).toBeCloseTo(pixel(0, 0, channel), 5);
    }
  });

  it('averages larger ones', () => {
    const { data } = cutPatches(table, regions(candidate(-50, -50, 200, 200)), 1);
    const whole = new Float32Array(3);
    const region = { x: 0, y: 0, width: 40, height: 30 };
    table.average(region, { width: 1, height: 1 }, { mean: 127.5, divisor: 128 }, { data: whole, offset: 0 });
    expect(data).toEqual(whole);
  });
});
