import { storePlanes } from './lanes';

/** log2 of the number of subpixel phases that have their own weights. */
const PHASE_BITS: i32 = 7;

/** Fractional bits of a fixed-point position. */
const POINT: i32 = 16;

/** Shuffles two RGB pixels into 16-bit lanes, channel by channel: R R G G B B, and zeros. */
const PAIRED: v128 = i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);

/**
 * Samples RGB pixels on a rotated grid with a separable kernel, and writes sum · gain + bias to three float32 planes.
 *
 * Sample (u, v) starts at the pixel (⌊x⌋, ⌊y⌋), where x = startX + u · stepX − v · stepY and
 * y = startY + u · stepY + v · stepX are fixed-point numbers with 16 fractional bits. The upper seven of these select
 * the weights.
 *
 * @param rowBytes row stride in bytes
 * @param columnWeights for each of 128 phases of x, 2 · pairs weights as int16, at most ten
 * @param rowWeights for each of 128 phases of y, `taps` weights as float32, multiplied by the gain
 */
export function sampleTurned(
  pixels: usize,
  rowBytes: usize,
  startX: i32,
  startY: i32,
  stepX: i32,
  stepY: i32,
  columnWeights: usize,
  pairs: i32,
  rowWeights: usize,
  taps: i32,
  side: i32,
  bias: f32,
  out: usize,
): void {
  const planeBytes: usize = side * side * 4;
  const columnBytes: usize = pairs * 4;
  const tapBytes: usize = taps * 4;
  for (let v = 0; v < side; v++, startX -= stepY, startY += stepX) {
    let x = startX;
    let y = startY;
    for (let u = 0; u < side; u++, x += stepX, y += stepY, out += 4) {
      let from = pixels + <usize>(y >> POINT) * rowBytes + <usize>(x >> POINT) * 3;
      const columns = columnWeights + phase(x) * columnBytes;
      let weight = rowWeights + phase(y) * tapBytes;
      let sum = f32x4.splat(bias);
      for (const end = weight + tapBytes; weight < end; weight += 4, from += rowBytes) {
        const row = f32x4.convert_i32x4_s(sumPairs(from, columns, pairs));
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weight), row));
      }
      storePlanes(out, planeBytes, sum);
    }
  }
}

function phase(position: i32): usize {
  return <usize>((position >> (POINT - PHASE_BITS)) & ((1 << PHASE_BITS) - 1));
}

/** The weighted sum of 2 · pairs pixels, 2 to 10. */
function sumPairs(from: usize, weights: usize, pairs: i32): v128 {
  let sum = pair(from, weights);
  if (pairs > 1) {
    sum = i32x4.add(sum, pair(from + 6, weights + 4));
    if (pairs > 2) {
      sum = i32x4.add(sum, pair(from + 12, weights + 8));
      if (pairs > 3) {
        sum = i32x4.add(sum, pair(from + 18, weights + 12));
        if (pairs > 4) sum = i32x4.add(sum, pair(from + 24, weights + 16));
      }
    }
  }
  return sum;
}

function pair(from: usize, weights: usize): v128 {
  const values = i8x16.swizzle(v128.load64_zero(from), PAIRED);
  return i32x4.dot_i16x8_s(values, v128.load32_splat(weights));
}
