import { describe, expect, it } from 'vitest';
import { randomImage } from '../../test-support.fixture.js';
import type { RgbImage } from '../../image/rgb-image.js';
import { fromLetterbox, letterbox, letterboxTensor } from './letterbox.js';

const BLACK = -1;
const asInput = (value: number): number => Math.fround(value / 127.5 - 1);
const even = (width: number, height: number, value: number): RgbImage => ({
  width,
  height,
  pixels: new Uint8Array(width * height * 3).fill(value),
});

/** An image of identical grey rows. */
const rows = (height: number, ...values: number[]): RgbImage => ({
  width: values.length,
  height,
  pixels: Uint8Array.from(
    Array.from({ length: height }, () => values.flatMap((value) => [value, value, value])).flat(),
  ),
});

describe('letterbox', () => {
  it('fits the longer side and centres the shorter one', () => {
    expect(letterbox({ width: 400, height: 200 }, 192)).toEqual({ scale: 0.48, padX: 0, padY: 48 });
    expect(letterbox({ width: 200, height: 400 }, 192)).toEqual({ scale: 0.48, padX: 48, padY: 0 });
    expect(letterbox({ width: 96, height: 96 }, 192)).toEqual({ scale: 2, padX: 0, padY: 0 });
  });

  it.each([
    { width: 400, height: 200 },
    { width: 451, height: 1024 },
    { width: 37, height: 36 },
  ])('maps its corners back to those of a $width×$height image', (size) => {
    const frame = letterbox(size, 192);
    const topLeft = fromLetterbox([frame.padX / 192, frame.padY / 192], frame, 192);
    const bottomRight = fromLetterbox([1 - frame.padX / 192, 1 - frame.padY / 192], frame, 192);
    expect(topLeft[0]).toBeCloseTo(0, 9);
    expect(topLeft[1]).toBeCloseTo(0, 9);
    expect(bottomRight[0]).toBeCloseTo(size.width, 9);
    expect(bottomRight[1]).toBeCloseTo(size.height, 9);
  });
});

describe('letterboxTensor', () => {
  it('copies an image of the input size, channel by channel', () => {
    const image = randomImage(16, 16, 4);
    const expected = Float32Array.from({ length: 3 * 256 }, (_, i) =>
      asInput(image.pixels[3 * (i % 256) + Math.floor(i / 256)]),
    );
    expect(letterboxTensor(image, 16)).toEqual(expected);
  });

  it('is black above and below a wide image', () => {
    const input = letterboxTensor(even(32, 16, 255), 16);
    const rowsOf = (channel: number): number[][] =>
      Array.from({ length: 16 }, (_, y) => [...input.subarray(channel * 256 + y * 16, channel * 256 + y * 16 + 16)]);
    for (const channel of [0, 1, 2]) {
      const lines = rowsOf(channel);
      expect(lines.map((line) => new Set(line).size)).toEqual(Array.from({ length: 16 }, () => 1));
      expect(lines.map(([value]) => value)).toEqual([
        ...Array.from({ length: 4 }, () => BLACK),
        ...Array.from({ length: 8 }, () => 1),
        ...Array.from({ length: 4 }, () => BLACK),
      ]);
    }
  });

  it('is black left and right of a tall image', () => {
    const [...line] = letterboxTensor(even(16, 32, 255), 16).subarray(0, 16);
    expect(line).toEqual(Array.from({ length: 16 }, (_, x) => (x >= 4 && x < 12 ? 1 : BLACK)));
  });

  it('samples at x / scale, without a half-pixel shift or smoothing', () => {
    // Halved: only the pixels 0, 2, 4, 6.
    const input = letterboxTensor(rows(8, 10, 255, 20, 255, 30, 255, 40, 255), 4);
    expect([...input.subarray(0, 4)]).toEqual([10, 20, 30, 40].map(asInput));
  });

  it('interpolates between two pixels, and with black beyond the last one', () => {
    const input = letterboxTensor(rows(2, 100, 200), 4);
    // The last row is half black too, so this checks the first: positions 0, 0.5, 1 and 1.5.
    expect([...input.subarray(0, 4)]).toEqual([100, 150, 200, 100].map(asInput));
  });

  it('quantises positions to 1/32 pixel and rounds to 8 bits', () => {
    // 3 pixels on 4: positions 0, 0.75, 1.5 and 2.25. 3 on 7: 3/7 = 0.4286, on the grid 14/32 = 0.4375.
    const onGrid = letterboxTensor(rows(3, 0, 255, 255), 7);
    expect(onGrid[1]).toBe(asInput(Math.round((14 / 32) * 255)));
    expect(onGrid[1]).not.toBe(asInput(Math.round((3 / 7) * 255)));
  });

  it('blends with black if the image starts between two input pixels', () => {
    // 4 × 3 on 4 × 4: half a row of black above, so row 0 samples at −0.5 and row 3 at 2.5.
    const input = letterboxTensor(even(4, 3, 200), 4);
    expect([0, 4, 8, 12].map((at) => input[at])).toEqual([100, 200, 200, 100].map(asInput));
  });
});
