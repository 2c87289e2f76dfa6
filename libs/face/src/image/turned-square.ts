import type { Size } from '../geometry/box.js';
import { type PixelKernels, withKernels } from './pixel-kernels.js';
import { putRegion, type Region, type RgbImage } from './rgb-image.js';
import type { PixelNormalisation, TensorTarget } from './tensor.js';

/** A square in an image, turned around its centre. It may reach beyond the image's edges. */
export interface TurnedSquare {
  /** In pixels of the image; inside it. */
  readonly centreX: number;
  readonly centreY: number;
  /** In pixels of the image, more than 0. */
  readonly side: number;
  /** In radians, clockwise: how far the square's upper edge is turned from the image's. */
  readonly angle: number;
}

/** Positions between two pixels that the kernel has weights for. */
const PHASES = 128;

/** The kernel adds up ten pixels of a row at most. */
const LARGEST_RADIUS = 5;

/** What a column's weights add up to: the largest int16. */
const COLUMN_UNIT = 32_767;

/** Bytes for each pixel of a line of sums, and for what is written beyond the line. */
const LINE_PIXEL_BYTES = 6;
const LINE_SPARE_BYTES = 32;

/**
 * Scales a turned square to side × side.
 *
 * Each sample is a mean of the pixels around it, weighted by a triangle along each axis of the image that widens when
 * the square shrinks: at an angle of 0 it is what `resample` makes of the same square with 'bilinear'. Beyond the
 * image's edges its outermost pixels are repeated. A square that shrinks more than five times is averaged in blocks of
 * whole pixels first, and the triangle is narrowed by as much as the blocks have blurred.
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
  // A triangle around x weighs the pixels from ⌊x + ½ − radius⌋ on.
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
 * In blocks of factor × factor pixels. The variance of a triangle is radius² / 6, that of a row of n pixels
 * (n² − 1) / 12; together they are to have that of the triangle that the scale asks for.
 */
function triangleRadius(scale: number, factor: number): number {
  return Math.max(1, Math.sqrt((scale / factor) ** 2 - (1 - factor ** -2) / 2));
}

/** A part of an image in blocks of some pixels, that may reach beyond its edges: `x` and `y` in pixels, the size in blocks. */
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

/** The patch's blocks as RGB pixels. @returns where they are */
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
 * For each phase, where the first of the pixels begins that far before the triangle does, the weights of `taps` pixels
 * in turn. They add up to 1.
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

/** The same as whole numbers that add up to COLUMN_UNIT, and as many for each phase as the pairs have pixels. */
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

/** A position as the kernel counts: in 65,536ths of a pixel. */
const fixed = (position: number): number => Math.round(position * 65_536);
