import type { Size } from '../geometry/box.js';
import { type PixelKernels, withKernels } from './pixel-kernels.js';
import { putRegion, type Region, type RgbImage } from './rgb-image.js';
import type { PixelNormalisation, TensorTarget } from './tensor.js';

/** A square in an image, rotated around its centre. It may extend beyond the image. */
export interface TurnedSquare {
  /** In pixels of the image; inside it. */
  readonly centreX: number;
  readonly centreY: number;
  /** In pixels of the image, more than 0. */
  readonly side: number;
  /** In radians, clockwise: the rotation of the square's upper edge relative to the image's. */
  readonly angle: number;
}

/** Subpixel phases for which the kernel has weights. */
const PHASES = 128;

/** The kernel sums at most ten pixels of a row. */
const LARGEST_RADIUS = 5;

/** The sum of a column's weights: the largest int16. */
const COLUMN_UNIT = 32_767;

/** Bytes per pixel of a line of sums, and spare bytes that are written past it. */
const LINE_PIXEL_BYTES = 6;
const LINE_SPARE_BYTES = 32;

/**
 * Scales a rotated square to side × side.
 *
 * Each sample is a mean of the pixels around it, weighted by a triangle along each axis of the image that widens when
 * downscaling: at an angle of 0 it matches `resample` with 'bilinear'. Beyond the image, its edge pixels are repeated.
 * A square that shrinks more than five times is first averaged in blocks of whole pixels, and the triangle is narrowed
 * to compensate for their blur.
 *
 * @param side of the output, in pixels
 */
export function sampleSquare(
  image: RgbImage,
  square: TurnedSquare,
  side: number,
  { mean, divisor }: PixelNormalisation,
  { data, offset }: TensorTarget,
): void {
  const scale = square.side / side;
  const factor = Math.max(1, Math.ceil(scale / LARGEST_RADIUS));
  const radius = triangleRadius(scale, factor);
  const taps = Math.ceil(2 * radius);
  const pairs = Math.ceil(taps / 2);
  const stepX = scale * Math.cos(square.angle);
  const stepY = scale * Math.sin(square.angle);
  const halfway = (side - 1) / 2;
  const reach = halfway * (Math.abs(stepX) + Math.abs(stepY));
  // A triangle around x covers the pixels from ⌊x + ½ − radius⌋ on.
  const patch = patchAround(square, reach, (radius - 0.5) * factor, 2 * pairs * factor, factor);
  const start = (centre: number, origin: number, step: number): number =>
    fixed((centre - halfway * step - origin) / factor + 0.5 - radius + 0.5 / PHASES);
  withKernels((kernels) => {
    const length = 3 * side * side;
    const planes = kernels.allocateFloats(length);
    const weights = triangleWeights(radius, taps);
    kernels.run.sampleTurned(
      putPatch(kernels, image, patch, factor),
      patch.width * 3,
      start(square.centreX, patch.x, stepX - stepY),
      start(square.centreY, patch.y, stepX + stepY),
      fixed(stepX / factor),
      fixed(stepY / factor),
      kernels.put(columnWeights(weights, taps, pairs)),
      pairs,
      kernels.put(weights.map((weight) => weight / (divisor * COLUMN_UNIT))),
      taps,
      side,
      -mean / divisor,
      planes,
    );
    data.set(kernels.floats(planes, length), offset);
  });
}

/**
 * The radius in blocks of factor × factor pixels. The variance of a triangle is radius² / 6, that of a row of n pixels
 * (n² − 1) / 12; their sum must be that of the triangle for the whole scale.
 */
function triangleRadius(scale: number, factor: number): number {
  return Math.max(1, Math.sqrt((scale / factor) ** 2 - (1 - factor ** -2) / 2));
}

/** A region in blocks of pixels, which may extend beyond the image: `x` and `y` in pixels, the size in blocks. */
type Patch = Region;

function patchAround(
  { centreX, centreY }: TurnedSquare,
  reach: number,
  before: number,
  window: number,
  factor: number,
): Patch {
  const x = Math.floor(centreX - reach - before) - factor;
  const y = Math.floor(centreY - reach - before) - factor;
  const blocks = (from: number, centre: number): number =>
    Math.ceil((centre + reach - before - from + window) / factor) + 1;
  return { x, y, width: blocks(x, centreX), height: blocks(y, centreY) };
}

/** Writes the patch's blocks as RGB pixels. @returns a pointer to them */
function putPatch(kernels: PixelKernels, image: RgbImage, patch: Patch, factor: number): number {
  const { x, y, width, height } = patch;
  const { run } = kernels;
  const inside = overlap(image, { x, y, width: width * factor, height: height * factor });
  if (factor === 1) {
    const pixels = putRegion(kernels, image, inside, patch);
    run.repeatEdges(pixels, width, height, inside.x - x, inside.y - y, inside.width, inside.height);
    return pixels;
  }
  const pixels = putRegion(kernels, image, inside);
  const line = kernels.allocate(width * factor * LINE_PIXEL_BYTES + LINE_SPARE_BYTES);
  const blocks = kernels.allocate(width * height * 3);
  run.shrink(pixels, inside.width, inside.height, x - inside.x, y - inside.y, factor, width, height, line, blocks);
  return blocks;
}

function overlap(image: Size, { x, y, width, height }: Region): Region {
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  return {
    x: left,
    y: top,
    width: Math.min(image.width, x + width) - left,
    height: Math.min(image.height, y + height) - top,
  };
}

/**
 * For each phase, by which the first pixel begins before the triangle, the weights of `taps` consecutive pixels, with a
 * sum of 1.
 */
function triangleWeights(radius: number, taps: number): Float32Array {
  const weights = new Float32Array(PHASES * taps);
  for (let phase = 0; phase < PHASES; phase++) {
    const first = phase * taps;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const distance = Math.abs(tap + 1 - phase / PHASES - radius);
      const weight = Math.max(0, 1 - distance / radius);
      weights[first + tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < taps; tap++) weights[first + tap] /= sum;
  }
  return weights;
}

/** The same as integers with a sum of COLUMN_UNIT, padded to the pairs' number of pixels for each phase. */
function columnWeights(weights: Float32Array, taps: number, pairs: number): Int16Array {
  const columns = new Int16Array(PHASES * 2 * pairs);
  for (let phase = 0; phase < PHASES; phase++) {
    let sum = 0;
    let exact = 0;
    for (let tap = 0; tap < taps; tap++) {
      exact += weights[phase * taps + tap] * COLUMN_UNIT;
      const upToHere = Math.round(exact);
      columns[phase * 2 * pairs + tap] = upToHere - sum;
      sum = upToHere;
    }
  }
  return columns;
}

/** A position as fixed-point number for the kernel: in 65,536ths of a pixel. */
const fixed = (position: number): number => Math.round(position * 65_536);
