/** How 8-bit values become network input: (value − mean) / divisor. */
export interface PixelNormalisation {
  readonly mean: number;
  readonly divisor: number;
}

/** Where network input is written: an NCHW float32 tensor, planes R, G, B, from `offset` on. */
export interface TensorTarget {
  readonly data: Float32Array;
  readonly offset: number;
}
