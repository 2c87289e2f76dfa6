import { describe, expect, it } from 'vitest';
import { carryOn } from '../../checkpoint.js';
import { IntegralImage } from '../../image/integral-image.js';
import { MODELS, randomImage, RUNTIME } from '../../test-support.fixture.js';
import type { Candidate } from './candidate.js';
import { batchSizes, PatchNetwork } from './patch-network.js';

describe('batchSizes', () => {
  it.each([
    [0, []],
    [1, [1]],
    [13, [8, 4, 1]],
    [16, [16]],
    [55, [16, 16, 16, 4, 2, 1]],
  ])('splits %i into %j', (count, sizes) => {
    expect(batchSizes(count)).toEqual(sizes);
  });
});

describe('PatchNetwork', () => {
  const table = new IntegralImage(randomImage(200, 200, 9));
  const square = (x: number, y: number): Candidate => ({ x1: x, y1: y, x2: x + 40, y2: y + 40, score: 1 });

  it('returns the same for each square as on its own, in order, and nothing for those outside', async () => {
    const network = await PatchNetwork.load(MODELS.detectors.mtcnn.rNet, ['offsets', 'probability'], 24, RUNTIME);
    const squares = Array.from({ length: 70 }, (_, i) => square((i * 13) % 150, (i * 29) % 150));
    squares.splice(20, 0, square(900, 900));
    const rows = await network.look(table, squares, carryOn);

    expect(rows).toHaveLength(71);
    expect(rows[20]).toBeUndefined();
    for (const i of [0, 19, 21, 64, 70]) {
      const [alone] = await network.look(table, [squares[i]], carryOn);
      expect(rows[i]?.probability[0]).toBeCloseTo(alone?.probability[0] ?? NaN, 5);
      expect(rows[i]?.offsets).toHaveLength(4);
    }
  });
});
