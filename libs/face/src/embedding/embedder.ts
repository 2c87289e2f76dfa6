import type { PixelNormalisation } from '../image/tensor.js';

/** The input format of an embedder: an NCHW tensor [1, 3, side, side], RGB. */
export interface EmbedderInput {
  /** In pixels. */
  readonly side: number;
  readonly normalisation: PixelNormalisation;
}

/** Maps faces to vectors: the smaller the angle between two embeddings, the more similar the faces. */
export interface Embedder {
  readonly input: EmbedderInput;
  /**
   * @param face in the format of `input`
   * @returns a unit vector
   */
  embed(face: Float32Array): Promise<Float32Array>;
}

/** A set of weights for an embedder, as its manifest entry describes it. */
export interface EmbedderModel {
  /** Path of the ONNX file: input `faces`, output `embeddings`. */
  readonly path: string;
  readonly input: EmbedderInput;
  /** Number of values in an embedding. */
  readonly length: number;
}

/** An input tensor of zeros. */
export const inputTensor = ({ side }: EmbedderInput): Float32Array => new Float32Array(3 * side * side);
