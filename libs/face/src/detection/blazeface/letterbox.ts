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
  const columns = samplePositions(side, padX, scale, width);
  for (const row of samplePositions(side, padY, scale, height)) {
    for (const column of columns) {
      const a = (row.low * width + column.low) * 3;
      const b = (row.low * width + column.high) * 3;
      const c = (row.high * width + column.low) * 3;
      const d = (row.high * width + column.high) * 3;
      const to = row.at * side + column.at;
      for (let channel = 0; channel < 3; channel++) {
        const above = column.lowWeight * pixels[a + channel] + column.highWeight * pixels[b + channel];
        const below = column.lowWeight * pixels[c + channel] + column.highWeight * pixels[d + channel];
        const value = Math.round(row.lowWeight * above + row.highWeight * below);
        input[channel * plane + to] = value / 127.5 - 1;
      }
    }
  }
  return input;
}

/** Where one row or column of the input looks into the image; pixels outside it are black and weigh nothing. */
interface SamplePosition {
  readonly at: number;
  readonly low: number;
  readonly high: number;
  readonly lowWeight: number;
  readonly highWeight: number;
}

/** The input's rows or columns that touch the image. */
function samplePositions(side: number, pad: number, scale: number, length: number): SamplePosition[] {
  const positions: SamplePosition[] = [];
  for (let at = 0; at < side; at++) {
    const position = Math.round(((at - pad) / scale) * POSITIONS_PER_PIXEL) / POSITIONS_PER_PIXEL;
    if (position <= -1 || position >= length) continue;
    const low = Math.floor(position);
    const fraction = position - low;
    positions.push({
      at,
      low: Math.max(low, 0),
      high: Math.min(low + 1, length - 1),
      lowWeight: low < 0 ? 0 : 1 - fraction,
      highWeight: low + 1 < length ? fraction : 0,
    });
  }
  return positions;
}
