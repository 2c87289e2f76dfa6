import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.fixture.js';
import { MODELS, RUNTIME } from '../test-support.fixture.js';
import { inputTensor } from './embedder.js';
import { OnnxEmbedder } from './onnx-embedder.js';

const embedder = await OnnxEmbedder.load(MODELS.embedder, RUNTIME);

describe('the bundled embedder', () => {
  const random = seededRandom(10);
  const face = inputTensor(embedder.input).map(() => 2 * random() - 1);

  it('returns a unit vector of 512 values', async () => {
    const embedding = await embedder.embed(face);
    expect(embedding).toHaveLength(512);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  });

  it('returns the same values each time, in a new array', async () => {
    const first = await embedder.embed(face);
    const second = await embedder.embed(face);
    expect(second).toEqual(first);
    expect(second.buffer).not.toBe(first.buffer);
  });

  it('rejects a tensor of the wrong size', async () => {
    await expect(embedder.embed(face.subarray(1))).rejects.toThrow(
      new RangeError('expected 76800 values but received 76799'),
    );
  });

  it('rejects a model whose number of outputs differs from its entry', async () => {
    const wrong = await OnnxEmbedder.load({ ...MODELS.embedder, length: 128 }, RUNTIME);
    await expect(wrong.embed(face)).rejects.toThrow(new RangeError('expected 128 values but the embedder gave 512'));
  });
});
