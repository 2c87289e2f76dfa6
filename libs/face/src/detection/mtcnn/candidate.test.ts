import { describe, expect, it } from 'vitest';
import { applyOffsets, cornerOffsets, longerSide, toSquare } from './candidate.js';
import { regressProposal } from './p-net.js';

const candidate = { x1: 10, y1: 20, x2: 49, y2: 99, score: 0.9 };

describe('applyOffsets', () => {
  it('moves each corner by fractions of the side, counting both end pixels', () => {
    // Width 40 and height 80, though x2 − x1 is 39.
    expect(applyOffsets(candidate, [0.1, -0.1, 0.25, 0.5])).toEqual({ x1: 14, y1: 12, x2: 59, y2: 139, score: 0.9 });
  });

  it('keeps other properties of a candidate', () => {
    expect(applyOffsets({ ...candidate, points: 'five' }, [0, 0, 0, 0])).toEqual({ ...candidate, points: 'five' });
  });
});

describe('regressProposal', () => {
  it('moves each corner by fractions of the side, without the extra pixel', () => {
    const proposal = { x1: 10, y1: 20, x2: 50, y2: 100, score: 0.8, offsets: [0.1, -0.1, 0.25, 0.5] as const };
    expect(regressProposal(proposal)).toEqual({ x1: 14, y1: 12, x2: 60, y2: 140, score: 0.8 });
  });
});

describe('toSquare', () => {
  it('grows the shorter side around the centre', () => {
    expect(toSquare({ x1: 10, y1: 20, x2: 50, y2: 100, score: 0.9 })).toEqual({
      x1: -10,
      y1: 20,
      x2: 70,
      y2: 100,
      score: 0.9,
    });
    expect(toSquare({ x1: 0, y1: 0, x2: 9, y2: 4, score: 1 })).toEqual({ x1: 0, y1: -2.5, x2: 9, y2: 6.5, score: 1 });
  });

  it('leaves a square unchanged', () => {
    const square = { x1: 1.5, y1: 2.5, x2: 11.5, y2: 12.5, score: 0.5 };
    expect(toSquare(square)).toEqual(square);
  });
});

it('longerSide is the longer of width and height', () => {
  expect(longerSide({ x1: 0, y1: 0, x2: 3, y2: 8 })).toBe(8);
  expect(longerSide({ x1: 0, y1: 0, x2: 9, y2: 8 })).toBe(9);
});

it('cornerOffsets reads one row of a tensor of offsets', () => {
  expect(cornerOffsets(Float32Array.of(1, 2, 3, 4))).toEqual([1, 2, 3, 4]);
});
