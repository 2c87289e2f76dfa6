import type { Size } from '../../geometry/box.js';
import { withKernels } from '../../image/pixel-kernels.js';
import type { RgbImage } from '../../image/rgb-image.js';
import type { Point } from '../landmarks.js';

/** How an image is placed in the centre of a square network input. */
export interface Letterbox {
  /** Input pixels per image pixel. */
  readonly scale: number;
  /** Empty input pixels left of and above the image; may be fractions. */
  readonly padX: number;
  readonly padY: number;
}

/** Fits an image into side × side without changing its aspect ratio. */
export function letterbox({ width, height }: Size, side: number): Letterbox {
  const scale = side / Math.max(width, height);
  return { scale, padX: (side - width * scale) / 2, padY: (side - height * scale) / 2 };
}

/** Maps a point of the square input, 0 to 1 on both axes, back to pixels of the image. */
export function fromLetterbox([x, y]: Point, { scale, padX, padY }: Letterbox, side: number): Point {
  return [(x * side - padX) / scale, (y * side - padY) / scale];
}

/** OpenCV's fixed-point sampling quantises positions to 1/32 pixel. */
const POSITIONS_PER_PIXEL = 32;

/**
 * BlazeFace's input: NCHW [1, 3, side, side], RGB, x / 127.5 − 1, zeros (black) around the image.
 *
 * Samples exactly as MediaPipe does on a CPU, with OpenCV's `warpPerspective`, INTER_LINEAR and a border of zeros:
 * bilinear at x / scale, without a half-pixel shift or smoothing, on a grid of 1/32 pixel, rounded to 8 bits. The
 * scores then agree with MediaPipe's to four decimals.
 */
export function letterboxTensor(image: RgbImage, side: number): Float32Array {
  const { scale, padX, padY } = letterbox(image, side);
  const columns = samples(side, padX, scale, image.width, 3);
  const rows = samples(side, padY, scale, image.height, image.width * 3);
  const length = 3 * side * side;
  return withKernels((kernels) => {
    const pixels = kernels.put(image.pixels);
    const input = kernels.allocateFloats(length);
    const first = input + (rows.start * side + columns.start) * Float32Array.BYTES_PER_ELEMENT;
    const rowSamples = kernels.put(rows.entries);
    const columnSamples = kernels.put(columns.entries);
    kernels.floats(input, length).fill(-1);
    kernels.run.sampleBilinear(pixels, rowSamples, rows.count, columnSamples, columns.count, side, first);
    return kernels.floats(input, length).slice();
  });
}

/** Where the input's rows or columns sample the image: `count` of them from `start` on overlap it. */
interface Samples {
  readonly start: number;
  readonly count: number;
  /** Per sample, the byte offsets of its two neighbours as uint32, and their weights as float32. */
  readonly entries: Uint8Array;
}

const SAMPLE_BYTES = 16;

/** @param step bytes from one pixel to the next along this axis */
function samples(side: number, pad: number, scale: number, length: number, step: number): Samples {
  const positions = Array.from({ length: side }, (_, at) => {
    return Math.round(((at - pad) / scale) * POSITIONS_PER_PIXEL) / POSITIONS_PER_PIXEL;
  });
  const touching = positions.filter((position) => position > -1 && position < length);
  const entries = new DataView(new ArrayBuffer(touching.length * SAMPLE_BYTES));
  touching.forEach((position, i) => {
    const low = Math.floor(position);
    const fraction = position - low;
    entries.setUint32(i * SAMPLE_BYTES, Math.max(low, 0) * step, true);
    entries.setUint32(i * SAMPLE_BYTES + 4, Math.min(low + 1, length - 1) * step, true);
    // Pixels outside are black: weight 0.
    entries.setFloat32(i * SAMPLE_BYTES + 8, low < 0 ? 0 : 1 - fraction, true);
    entries.setFloat32(i * SAMPLE_BYTES + 12, low + 1 < length ? fraction : 0, true);
  });
  return {
    start: positions.findIndex((position) => position > -1),
    count: touching.length,
    entries: new Uint8Array(entries.buffer),
  };
}
