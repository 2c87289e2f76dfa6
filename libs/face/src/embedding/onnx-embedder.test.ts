import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.fixture.js';
import { MODELS, RUNTIME } from '../test-support.fixture.js';
import { inputTensor } from './embedder.js';
import { OnnxEmbedder } from './onnx-embedder.js';

const embedder = await OnnxEmbedder.load(MODELS.embedder, RUNTIME);

describe('the bundled embedder', () => {
  const random = seededRandom(10);
  const face = inputTensor(embedder.input).map(() => 2 * random() - 1);

  it('gives a unit vector of 512 values', async () => {
    const embedding = await embedder.embed(face);
    expect(embedding).toHaveLength(512);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  });

  it('gives the same values each time, and an array of its own', async () => {
    const first = await embedder.embed(face);
    const second = await embedder.embed(face);
    expect(second).toEqual(first);
    expect(second.buffer).not.toBe(first.buffer);
  });

  it('refuses a tensor of another size', async () => {
    await expect(embedder.embed(face.subarray(1))).rejects.toThrow(
      new RangeError('expected 76800 values but received 76799'),
    );
  });

  it('refuses a model that gives another number of values than its entry says', async () => {
    const wrong = await OnnxEmbedder.load({ ...MODELS.embedder, length: 128 }, RUNTIME);
    await expect(wrong.embed(face)).rejects.toThrow(new RangeError('expected 128 values but the embedder gave 512'));
  });
});
