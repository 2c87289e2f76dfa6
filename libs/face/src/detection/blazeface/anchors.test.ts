import { describe, expect, it } from 'vitest';
import { anchorCentres } from './anchors.js';
import { FULL_RANGE, SHORT_RANGE } from './blazeface-network.js';

describe('anchorCentres', () => {
  it('for the full-range network are the centres of 48 × 48 cells', () => {
    const anchors = anchorCentres(FULL_RANGE.layers);
    expect(anchors).toHaveLength(2304);
    expect(anchors[0]).toEqual([0.5 / 48, 0.5 / 48]);
    expect(anchors[1]).toEqual([1.5 / 48, 0.5 / 48]);
    expect(anchors[48]).toEqual([0.5 / 48, 1.5 / 48]);
    expect(anchors[2303]).toEqual([47.5 / 48, 47.5 / 48]);
  });

  it('for the short-range network are two in each of 16 × 16 cells, then six in each of 8 × 8', () => {
    const anchors = anchorCentres(SHORT_RANGE.layers);
    expect(anchors).toHaveLength(896);
    expect(anchors.slice(0, 3)).toEqual([
      [0.5 / 16, 0.5 / 16],
      [0.5 / 16, 0.5 / 16],
      [1.5 / 16, 0.5 / 16],
    ]);
    expect(anchors[511]).toEqual([15.5 / 16, 15.5 / 16]);
    expect(anchors.slice(512, 518)).toEqual(Array.from({ length: 6 }, () => [0.5 / 8, 0.5 / 8]));
    expect(anchors[518]).toEqual([1.5 / 8, 0.5 / 8]);
    expect(anchors[895]).toEqual([7.5 / 8, 7.5 / 8]);
  });
});
