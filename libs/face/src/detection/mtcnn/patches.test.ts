import { describe, expect, it } from 'vitest';
import { IntegralImage } from '../../image/integral-image.js';
import { randomImage } from '../../test-support.fixture.js';
import { cutPatches } from './patches.js';

const image = randomImage(40, 30, 5);
const table = new IntegralImage(image);
const candidate = (x1: number, y1: number, x2: number, y2: number): Parameters<typeof cutPatches>[1][number] => ({
  x1,
  y1,
  x2,
  y2,
  score: 0.9,
});
const pixel = (x: number, y: number, channel: number): number =>
  Math.fround((image.pixels[(y * 40 + x) * 3 + channel] - 127.5) / 128);

describe('cutPatches', () => {
  it('counts pixels from 1 with both ends inside', () => {
    const { data, dims } = cutPatches(table, [candidate(6.9, 8.2, 9.7, 11.9)], 4);
    expect(dims).toEqual([1, 3, 4, 4]);
    for (const channel of [0, 1, 2]) {
      expect(data[channel * 16]).toBeCloseTo(pixel(5, 7, channel), 5);
      expect(data[channel * 16 + 15]).toBeCloseTo(pixel(8, 10, channel), 5);
    }
  });

  it('cuts a candidate at the edges of the image', () => {
    const { data } = cutPatches(table, [candidate(-50, -50, 200, 200)], 1);
    const whole = new Float32Array(3);
    table.average(
      { x: 0, y: 0, width: 40, height: 30 },
      { width: 1, height: 1 },
      { mean: 127.5, divisor: 128 },
      {
        data: whole,
        offset: 0,
      },
    );
    expect(data).toEqual(whole);
  });

  it('gives no row to squares outside the image, and the others theirs in order', () => {
    const first = candidate(1, 1, 10, 10);
    const last = candidate(20, 20, 30, 30);
    const outside = [
      candidate(-20, 5, -1, 10),
      candidate(41, 5, 50, 10),
      candidate(5, 31, 10, 40),
      candidate(5, -9, 9, 0),
    ];
    const { seen, data, dims } = cutPatches(table, [first, ...outside, last], 10);
    expect(seen).toEqual([0, undefined, undefined, undefined, undefined, 1]);
    expect(dims).toEqual([2, 3, 10, 10]);
    expect(data[0]).toBeCloseTo(pixel(0, 0, 0), 5);
    expect(data.length).toBe(600);
  });
});
