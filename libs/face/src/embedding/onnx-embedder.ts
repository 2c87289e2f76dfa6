import { BatchedModel } from '../runtime/batched-model.js';
import type { RuntimeOptions } from '../runtime/onnx-model.js';
import type { Embedder, EmbedderInput, EmbedderModel } from './embedder.js';

/**
 * An embedder from an ONNX file. The bundled one is InceptionResnetV1 (Szegedy et al. 2016, arXiv:1602.07261) trained
 * as FaceNet (arXiv:1503.03832), which outputs unit vectors.
 */
export class OnnxEmbedder implements Embedder {
  readonly input: EmbedderInput;

  private constructor(
    private readonly network: BatchedModel<'embeddings'>,
    private readonly model: EmbedderModel,
  ) {
    this.input = model.input;
  }

  static async load(model: EmbedderModel, runtime: RuntimeOptions): Promise<OnnxEmbedder> {
    const signature = { input: 'faces', outputs: ['embeddings'] as const };
    const { side } = model.input;
    return new OnnxEmbedder(await BatchedModel.load(model.path, signature, [3, side, side], runtime), model);
  }

  /** @throws RangeError if the face does not have the input's size, or the embedding not the expected length */
  async embed(face: Float32Array): Promise<Float32Array> {
    const { embeddings } = await this.network.run(face);
    if (embeddings.length !== this.model.length) {
      throw new RangeError(`expected ${this.model.length} values but the embedder gave ${embeddings.length}`);
    }
    return embeddings;
  }
}
