import { type FacePatch, PATCH_SIDE } from './face-patch.js';

/** What is measured in the pixels of a face. */
export interface PixelMeasures {
  /** How much fine detail there is, 0 (none) to 1; independent of the contrast. */
  readonly sharpness: number;
  /** Mean luminance, 0 (black) to 1 (white). */
  readonly brightness: number;
  /** Standard deviation of the luminance, 0 to 0.5. */
  readonly contrast: number;
  /** Share of pixels that are nearly black, 0 to 1. */
  readonly clippedDark: number;
  /** Share of pixels that are nearly white, 0 to 1. */
  readonly clippedBright: number;
  /** Whether the face has no colours. */
  readonly isGrey: boolean;
}

/** Luminance up to which a pixel is nearly black, and from which nearly white, as OFIQ has them. */
const DARK = 25;
const BRIGHT = 247;

/** Mean range of red, green and blue, 0 to 255, below which a face counts as grey. */
const GREY_CHROMA = 4;

/** Measures the pixels of a face. */
export function measurePixels({ planes }: FacePatch): PixelMeasures {
  const count = PATCH_SIDE * PATCH_SIDE;
  const luminance = new Float32Array(count);
  let sum = 0;
  let squares = 0;
  let dark = 0;
  let bright = 0;
  let chroma = 0;
  for (let i = 0; i < count; i++) {
    const red = planes[i];
    const green = planes[i + count];
    const blue = planes[i + 2 * count];
    const value = 0.299 * red + 0.587 * green + 0.114 * blue;
    luminance[i] = value;
    sum += value;
    squares += value * value;
    if (value <= DARK) dark++;
    if (value >= BRIGHT) bright++;
    // Twice their range.
    chroma += Math.abs(red - green) + Math.abs(green - blue) + Math.abs(blue - red);
  }
  const mean = sum / count;
  return {
    sharpness: detail(luminance),
    brightness: mean / 255,
    contrast: Math.sqrt(Math.max(0, squares / count - mean * mean)) / 255,
    clippedDark: dark / count,
    clippedBright: bright / count,
    isGrey: chroma / 2 / count < GREY_CHROMA,
  };
}

/** The further blur averages this many values on either side of each: nine in all, as Crété et al. do. */
const REACH = 4;

/**
 * 1 − the blur effect of Crété et al. 2007 (The blur effect: perception and estimation with a new no-reference
 * perceptual blur metric): the share of the differences between neighbours that a further blur takes away.
 */
function detail(luminance: Float32Array): number {
  return Math.min(lost(luminance, 1, PATCH_SIDE), lost(luminance, PATCH_SIDE, 1));
}

/**
 * The share along one axis.
 *
 * @param step from a value to its neighbour
 * @param across from a line to the next
 */
function lost(luminance: Float32Array, step: number, across: number): number {
  let before = 0;
  let gone = 0;
  for (let line = 0; line < PATCH_SIDE; line++) {
    let window = 0;
    const start = line * across;
    for (let k = 0; k <= 2 * REACH; k++) window += luminance[start + k * step];
    for (let i = REACH; i + REACH + 1 < PATCH_SIDE; i++) {
      const at = start + i * step;
      const next = window + luminance[at + (REACH + 1) * step] - luminance[at - REACH * step];
      const difference = Math.abs(luminance[at + step] - luminance[at]);
      const blurred = Math.abs(next - window) / (2 * REACH + 1);
      before += difference;
      gone += Math.max(0, difference - blurred);
      window = next;
    }
  }
  return before === 0 ? 0 : gone / before;
}
