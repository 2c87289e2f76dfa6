import { describe, expect, it } from 'vitest';
import { modelPath, MODELS, RUNTIME } from '../test-support.fixture.js';
import { OnnxModel } from './onnx-model.js';

const P_NET = { input: 'image', outputs: ['offsets', 'probability'] as const };

describe('OnnxModel', () => {
  it('runs a model and returns every output by name, with its shape', async () => {
    const model = await OnnxModel.load(MODELS.detectors.mtcnn.pNet, P_NET, RUNTIME, false);
    const { offsets, probability } = await model.run(new Float32Array(3 * 20 * 30), [1, 3, 20, 30]);
    // P-net slides a window of 12 px in steps of 2.
    expect(offsets.dims).toEqual([1, 4, 5, 10]);
    expect(probability.dims).toEqual([1, 5, 10]);
    expect(probability.data).toHaveLength(50);
    for (const value of probability.data) expect(value).toBeGreaterThan(0);
    expect(Math.max(...probability.data)).toBeLessThan(1);
  });

  it('accepts a new input size with every run', async () => {
    const model = await OnnxModel.load(MODELS.detectors.mtcnn.pNet, P_NET, RUNTIME, false);
    for (const side of [12, 40, 13]) {
      const { probability } = await model.run(new Float32Array(3 * side * side), [1, 3, side, side]);
      const windows = Math.ceil((side - 2) / 2) - 4;
      expect(probability.dims).toEqual([1, windows, windows]);
    }
  });

  it.each([
    ['an output', { input: 'image', outputs: ['offsets', 'landmarks'] as const }, 'landmarks'],
    ['the input', { input: 'faces', outputs: ['offsets'] as const }, 'faces'],
  ])('reports the file and %s that the model lacks', async (_, signature, missing) => {
    await expect(OnnxModel.load(MODELS.detectors.mtcnn.pNet, signature, RUNTIME)).rejects.toThrow(
      `pnet.onnx: expected a tensor named ${missing} but the model has none`,
    );
  });

  it('fails for a file that is no model', async () => {
    await expect(OnnxModel.load(modelPath('manifest.json'), P_NET, RUNTIME)).rejects.toThrow(
      /manifest\.json failed: ?Protobuf parsing failed/,
    );
  });
});
