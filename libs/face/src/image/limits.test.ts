import { describe, expect, it } from 'vitest';
import { FaceError } from '../errors.js';
import { checkImageSize } from './limits.js';

function refusal(width: number, height: number, maxPixels = 1e9): FaceError | undefined {
  try {
    checkImageSize({ width, height }, maxPixels);
    return undefined;
  } catch (error) {
    if (error instanceof FaceError) return error;
    throw error;
  }
}

describe('checkImageSize', () => {
  it.each([
    [20, 20],
    [20, 4000],
    [32_767, 100],
  ])('accepts %d×%d', (width, height) => {
    expect(refusal(width, height)).toBeUndefined();
  });

  it.each([
    [19, 19],
    [19, 4000],
    [4000, 19],
    [1, 1],
  ])('rejects %d×%d as too small', (width, height) => {
    expect(refusal(width, height)?.code).toBe('IMAGE_TOO_SMALL');
  });

  it('counts pixels, not sides', () => {
    expect(refusal(1000, 1000, 1_000_000)).toBeUndefined();
    expect(refusal(1000, 1001, 1_000_000)?.code).toBe('TOO_MANY_PIXELS');
    expect(refusal(50_000, 20, 1e9)?.code).toBe('TOO_MANY_PIXELS');
    expect(refusal(20, 32_768, 1e9)?.code).toBe('TOO_MANY_PIXELS');
  });

  it('does not overflow on the largest sizes a header can claim', () => {
    expect(refusal(2 ** 31 - 1, 2 ** 31 - 1)?.code).toBe('TOO_MANY_PIXELS');
  });

  it('reports the size and the limit', () => {
    expect(refusal(12, 400)?.reason).toBe('is 12×400 px; both sides must be at least 20 px');
    expect(refusal(9000, 9000, 50e6)?.reason).toBe('is 9000×9000 px; at most 50 megapixels are accepted');
    expect(refusal(32_768, 20, 50e6)?.reason).toBe('is 32768×20 px; neither side may have more than 32767 px');
  });
});
