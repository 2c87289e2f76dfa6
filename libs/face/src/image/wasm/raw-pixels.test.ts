import { describe, expect, it } from 'vitest';
import { type RawPixels, shrunk } from './raw-pixels.js';

const grey = (width: number, height: number): RawPixels => ({
  width,
  height,
  channels: 1,
  data: Uint8Array.from({ length: width * height }, (_, i) => i),
});

describe('shrunk', () => {
  it('averages squares, smaller ones at the edges', () => {
    // 0 1 2 3 4 / 5 6 7 8 9 / 10 11 12 13 14
    expect(shrunk(grey(5, 3), { width: 2, height: 1 })).toEqual({
      width: 3,
      height: 2,
      channels: 1,
      data: Uint8Array.of(3, 5, 7, 11, 13, 14),
    });
  });

  it('keeps channels separate', () => {
    const data = Uint8Array.of(0, 100, 200, 2, 102, 202, 4, 104, 204, 6, 106, 206);
    const { width, height, data: pixels } = shrunk({ width: 2, height: 2, channels: 3, data }, { width: 1, height: 1 });
    expect([width, height, ...pixels]).toEqual([1, 1, 3, 103, 203]);
  });

  it('copies pixels that are less than twice as large', () => {
    const picture = grey(5, 3);
    const copy = shrunk(picture, { width: 3, height: 2 });
    expect(copy).toEqual(picture);
    expect(copy.data.buffer).not.toBe(picture.data.buffer);
  });
});
