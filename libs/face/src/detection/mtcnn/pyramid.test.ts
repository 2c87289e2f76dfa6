import { describe, expect, it } from 'vitest';
import { imagePyramid } from './pyramid.js';

describe('imagePyramid', () => {
  it('goes from coarse to fine, each level 0.709 of the next', () => {
    const levels = imagePyramid({ width: 757, height: 1024 }, 20);
    expect(levels.at(-1)?.scale).toBeCloseTo(12 / 20, 12);
    for (let i = 1; i < levels.length; i++) expect(levels[i - 1].scale / levels[i].scale).toBeCloseTo(0.709, 12);
  });

  it('ends when a P-net window no longer fits the shorter side', () => {
    const [coarsest] = imagePyramid({ width: 757, height: 1024 }, 20);
    expect(757 * coarsest.scale).toBeGreaterThanOrEqual(12);
    expect(757 * coarsest.scale * 0.709).toBeLessThan(12);
  });

  it('has the levels of facenet-pytorch for 757 × 1024', () => {
    // Scales 0.6 · 0.709^k, k = 10 … 0; sizes ⌊side · scale + 1⌋.
    const sizes = imagePyramid({ width: 757, height: 1024 }, 20).map(({ width, height }) => [width, height]);
    expect(sizes).toHaveLength(11);
    expect(sizes.slice(-3)).toEqual([
      [229, 309],
      [323, 436],
      [455, 615],
    ]);
    expect(sizes[0]).toEqual([15, 20]);
  });

  it('gives the size in the photograph of the faces of each level', () => {
    const levels = imagePyramid({ width: 600, height: 600 }, 20);
    expect(levels.at(-1)?.faceSide).toBeCloseTo(20, 12);
    expect(levels.at(-2)?.faceSide).toBeCloseTo(20 / 0.709, 12);
  });

  it('has at least one level for the smallest allowed photograph', () => {
    expect(imagePyramid({ width: 20, height: 20 }, 20)).toHaveLength(1);
    expect(imagePyramid({ width: 20, height: 1000 }, 20)).toHaveLength(1);
  });

  it('has no level if a face of the smallest size does not fit', () => {
    expect(imagePyramid({ width: 19, height: 1000 }, 20)).toEqual([]);
  });
});
