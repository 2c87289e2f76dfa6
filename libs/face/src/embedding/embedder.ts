import type { PixelNormalisation } from '../image/tensor.js';

/** What an embedder wants to be given: an NCHW tensor [1, 3, side, side], RGB. */
export interface EmbedderInput {
  /** In pixels. */
  readonly side: number;
  readonly normalisation: PixelNormalisation;
}

/** Makes faces comparable: the angle between two embeddings tells how alike the faces are. */
export interface Embedder {
  readonly input: EmbedderInput;
  /**
   * @param face as `input` says
   * @returns a unit vector
   */
  embed(face: Float32Array): Promise<Float32Array>;
}

/** A set of weights for an embedder, as its manifest entry describes it. */
export interface EmbedderModel {
  /** Of the ONNX file: input `faces`, output `embeddings`. */
  readonly path: string;
  readonly input: EmbedderInput;
  /** Values in an embedding. */
  readonly length: number;
}

/** An input tensor of zeros. */
export const inputTensor = ({ side }: EmbedderInput): Float32Array => new Float32Array(3 * side * side);
