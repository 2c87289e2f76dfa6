import type { Crop } from '../image/crop.js';
import type { Photograph } from '../image/photograph.js';
import { resample } from '../image/resample.js';
import type { PixelNormalisation } from '../image/tensor.js';
import { sampleSquare } from '../image/turned-square.js';
import { BatchedModel } from '../runtime/batched-model.js';
import type { RuntimeOptions } from '../runtime/onnx-model.js';

/** Values in an embedding. */
export const EMBEDDING_LENGTH = 512;

/** The side of the embedder's square input in pixels. */
export const FACE_SIDE = 160;

/** "Fixed image standardisation" of the training code (davidsandberg/facenet): (x − 127.5) / 128. */
const NORMALISATION: PixelNormalisation = { mean: 127.5, divisor: 128 };

/**
 * InceptionResnetV1 (Szegedy et al. 2016, arXiv:1602.07261) trained as FaceNet (arXiv:1503.03832): a face in, a unit
 * vector of 512 values out. The angle between two of them tells how alike the faces are.
 */
export class InceptionResnetV1 {
  private constructor(private readonly model: BatchedModel<'embeddings'>) {}

  static async load(path: string, runtime: RuntimeOptions): Promise<InceptionResnetV1> {
    const signature = { input: 'faces', outputs: ['embeddings'] as const };
    return new InceptionResnetV1(await BatchedModel.load(path, signature, [3, FACE_SIDE, FACE_SIDE], runtime));
  }

  /** @param face an NCHW tensor [1, 3, 160, 160] as {@link faceTensor} makes it */
  async embed(face: Float32Array): Promise<Float32Array> {
    const { embeddings } = await this.model.run(face);
    if (embeddings.length !== EMBEDDING_LENGTH) {
      throw new RangeError(`expected ${EMBEDDING_LENGTH} values but the embedder gave ${embeddings.length}`);
    }
    return embeddings;
  }
}

/** The embedder's input: the crop scaled to 160×160, RGB, NCHW [1, 3, 160, 160], normalised. */
export function faceTensor(photograph: Photograph, crop: Crop): Float32Array {
  const data = new Float32Array(3 * FACE_SIDE * FACE_SIDE);
  const target = { data, offset: 0 };
  if (crop.kind === 'square') {
    sampleSquare(photograph, crop.square, FACE_SIDE, NORMALISATION, target);
  } else {
    const out = { width: FACE_SIDE, height: FACE_SIDE };
    resample(photograph, crop.region, out, crop.filter, NORMALISATION, target);
  }
  return data;
}
