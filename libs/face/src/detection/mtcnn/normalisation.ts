import type { PixelNormalisation } from '../../image/tensor.js';

/** All three MTCNN networks take (x − 127.5) / 128, RGB, NCHW (facenet-pytorch 2.6.0). */
export const MTCNN_NORMALISATION: PixelNormalisation = { mean: 127.5, divisor: 128 };
