import { describe, expect, it } from 'vitest';
import { IntegralImage } from '../../image/integral-image.js';
import { MODELS, randomImage, RUNTIME } from '../../test-support.fixture.js';
import { MTCNN_NORMALISATION } from './normalisation.js';
import { PNet, strips } from './p-net.js';
import { OnnxModel } from '../../runtime/onnx-model.js';
import { BOUNDED, EXHAUSTIVE } from './search-limits.js';

describe('strips', () => {
  it('are a single one for a small level', () => {
    expect(strips(300, 200)).toEqual([{ top: 0, bottom: 200 }]);
  });

  it.each([
    [615, 615],
    [615, 614],
    [437, 313],
    [20_000, 60],
    [12, 20_001],
  ])('of %i × %i pixels cover the level, start at even rows and overlap by ten', (width, height) => {
    const all = strips(width, height);
    expect(all[0].top).toBe(0);
    expect(all.at(-1)?.bottom).toBe(height);
    for (const [i, { top, bottom }] of all.entries()) {
      expect(top % 2).toBe(0);
      expect(bottom - top).toBeGreaterThan(10);
      if (i > 0) expect(all[i - 1].bottom - top).toBe(10);
    }
  });
});

describe('PNet', () => {
  const image = randomImage(640, 601, 4);
  const table = new IntegralImage(image);
  const level = { width: 640, height: 601, scale: 1, faceSide: 12 };

  it('proposes the same from strips as from the whole', async () => {
    const pNet = await PNet.load(MODELS.detectors.mtcnn.pNet, RUNTIME);
    const proposals = await pNet.propose(table, level, EXHAUSTIVE);
    const signature = { input: 'image', outputs: ['offsets', 'probability'] as const };
    const model = await OnnxModel.load(MODELS.detectors.mtcnn.pNet, signature, RUNTIME, false);
    const input = new Float32Array(3 * 640 * 601);
    table.average({ x: 0, y: 0, width: 640, height: 601 }, level, MTCNN_NORMALISATION, { data: input, offset: 0 });
    const { probability, offsets } = await model.run(input, [1, 3, 601, 640]);
    const columns = probability.dims[2];

    expect(proposals.length).toBeGreaterThan(10);
    for (const { x1, y1, score, offsets: own } of proposals) {
      const i = ((y1 - 1) / 2) * columns + (x1 - 1) / 2;
      expect(score).toBeCloseTo(probability.data[i], 5);
      expect(own[2]).toBeCloseTo(offsets.data[2 * probability.data.length + i], 4);
    }
  });

  it('proposes the highest-scoring if there are too many', async () => {
    const pNet = await PNet.load(MODELS.detectors.mtcnn.pNet, RUNTIME);
    const all = await pNet.propose(table, level, EXHAUSTIVE);
    const few = await pNet.propose(table, level, { ...BOUNDED, proposalsPerLevel: 10 });

    expect(few).toEqual(all.slice(0, 10));
  });
});
