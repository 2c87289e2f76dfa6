import type { Size } from '../../geometry/box.js';
import type { RgbImage } from '../../image/rgb-image.js';
import type { Point } from '../face-detector.js';

/** How an image lies in the middle of a square network input. */
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

/** From the square input, 0 to 1 on both axes, back to pixels of the image. */
export function fromLetterbox([x, y]: Point, { scale, padX, padY }: Letterbox, side: number): Point {
  return [(x * side - padX) / scale, (y * side - padY) / scale];
}

/** OpenCV's fixed-point sampling knows 32 positions between two pixels. */
const POSITIONS_PER_PIXEL = 32;

/**
 * BlazeFace's input: NCHW [1, 3, side, side], RGB, x / 127.5 − 1, zeros (black) around the image.
 *
 * Samples exactly as MediaPipe does on a CPU, which is OpenCV's `warpPerspective` with INTER_LINEAR and a border of
 * zeros: bilinear at x / scale, without a half-pixel shift or smoothing, on a grid of 1/32 pixel, rounded to 8 bits.
 * With all of that the scores agree with MediaPipe's to four decimals.
 */
export function letterboxTensor(image: RgbImage, side: number): Float32Array {
  const { scale, padX, padY } = letterbox(image, side);
  const { pixels, width, height } = image;
  const plane = side * side;
  const input = new Float32Array(3 * plane).fill(-1);
  const columns = samples(side, padX, scale, width);
  const rows = samples(side, padY, scale, height);
  for (let row = 0; row < rows.count; row++) {
    const above = rows.low[row] * width;
    const below = rows.high[row] * width;
    const aboveWeight = rows.lowWeight[row];
    const belowWeight = rows.highWeight[row];
    for (let column = 0, to = (rows.start + row) * side + columns.start; column < columns.count; column++, to++) {
      const low = columns.low[column];
      const high = columns.high[column];
      const lowWeight = columns.lowWeight[column];
      const highWeight = columns.highWeight[column];
      const a = (above + low) * 3;
      const b = (above + high) * 3;
      const c = (below + low) * 3;
      const d = (below + high) * 3;
      const wa = aboveWeight * lowWeight;
      const wb = aboveWeight * highWeight;
      const wc = belowWeight * lowWeight;
      const wd = belowWeight * highWeight;
      const red = wa * pixels[a] + wb * pixels[b] + wc * pixels[c] + wd * pixels[d];
      const green = wa * pixels[a + 1] + wb * pixels[b + 1] + wc * pixels[c + 1] + wd * pixels[d + 1];
      const blue = wa * pixels[a + 2] + wb * pixels[b + 2] + wc * pixels[c + 2] + wd * pixels[d + 2];
      input[to] = Math.round(red) / 127.5 - 1;
      input[to + plane] = Math.round(green) / 127.5 - 1;
      input[to + 2 * plane] = Math.round(blue) / 127.5 - 1;
    }
  }
  return input;
}

/**
 * Where the input's rows or columns look into the image: `count` of them from `start` on touch it, each between the
 * pixels `low` and `high`. Pixels outside are black and weigh nothing.
 */
interface Samples {
  readonly start: number;
  readonly count: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly lowWeight: Float64Array;
  readonly highWeight: Float64Array;
}

function samples(side: number, pad: number, scale: number, length: number): Samples {
  const positions = Array.from({ length: side }, (_, at) => {
    return Math.round(((at - pad) / scale) * POSITIONS_PER_PIXEL) / POSITIONS_PER_PIXEL;
  });
  const touching = positions.filter((position) => position > -1 && position < length);
  const fraction = (position: number): number => position - Math.floor(position);
  return {
    start: positions.findIndex((position) => position > -1),
    count: touching.length,
    low: Int32Array.from(touching, (position) => Math.max(Math.floor(position), 0)),
    high: Int32Array.from(touching, (position) => Math.min(Math.floor(position) + 1, length - 1)),
    lowWeight: Float64Array.from(touching, (position) => (position < 0 ? 0 : 1 - fraction(position))),
    highWeight: Float64Array.from(touching, (position) => (position + 1 < length ? fraction(position) : 0)),
  };
}
