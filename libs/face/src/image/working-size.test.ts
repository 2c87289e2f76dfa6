import { describe, expect, it } from 'vitest';
import { workingPixel, workingSize } from './working-size.js';

describe('workingSize', () => {
  it.each([[{ width: 1024, height: 700 }], [{ width: 300, height: 451 }], [{ width: 20, height: 20 }]])(
    'never enlarges: %o',
    (size) => {
      expect(workingSize(size, 1)).toEqual(size);
    },
  );

  it.each([
    [
      { width: 970, height: 2204 },
      { width: 451, height: 1024 },
    ],
    [
      { width: 2204, height: 970 },
      { width: 1024, height: 451 },
    ],
    [
      { width: 1025, height: 1025 },
      { width: 1024, height: 1024 },
    ],
  ])('scales the longer side to 1024: %o', (size, expected) => {
    expect(workingSize(size, 1)).toEqual(expected);
  });

  it('does not scale photographs that are not much larger, if the detector requests it', () => {
    expect(workingSize({ width: 1536, height: 1000 }, 1.5)).toEqual({ width: 1536, height: 1000 });
    expect(workingSize({ width: 1537, height: 1000 }, 1.5)).toEqual({ width: 1024, height: 666 });
  });

  it('keeps at least one pixel of a very narrow photograph', () => {
    expect(workingSize({ width: 30_000, height: 10 }, 1)).toEqual({ width: 1024, height: 1 });
  });
});

describe('workingPixel', () => {
  it('is 1 up to the working size and grows with the longer side beyond', () => {
    expect(workingPixel({ width: 500, height: 400 })).toBe(1);
    expect(workingPixel({ width: 1024, height: 400 })).toBe(1);
    expect(workingPixel({ width: 400, height: 1536 })).toBe(1.5);
  });
});
