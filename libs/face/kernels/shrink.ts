/** Bytes per pixel of the line: red, green and blue as uint16. */
const LINE_PIXEL: usize = 6;

/**
 * Averages RGB pixels in blocks of factor × factor, rounds to 8 bits and writes RGB pixels. Blocks may extend beyond
 * the image, whose edge pixels are repeated there.
 *
 * @param left start of the first block, in pixels; the blocks must overlap the image
 * @param factor 1 to 257
 * @param line scratch space of outWidth × factor × 6 + 32 bytes
 */
export function shrink(
  pixels: usize,
  width: i32,
  height: i32,
  left: i32,
  top: i32,
  factor: i32,
  outWidth: i32,
  outHeight: i32,
  line: usize,
  out: usize,
): void {
  const length = outWidth * factor;
  const start = clamp(-left, 0, length);
  const end = clamp(width - left, 0, length);
  const first = pixels + <usize>(left + start) * 3;
  const inside = line + <usize>start * LINE_PIXEL;
  const outside = line + <usize>end * LINE_PIXEL;
  const lineEnd = line + <usize>length * LINE_PIXEL;
  const weight = i32x4.splat(<i32>(((1 << 25) / (factor * factor) + 1) >> 1));
  for (let j = 0; j < outHeight; j++) {
    sumRows(first, width * 3, height, top + j * factor, factor, inside, (end - start) * 3);
    repeatPixel(inside, line, inside);
    repeatPixel(outside - LINE_PIXEL, outside, lineEnd);
    let from = line;
    for (let i = 0; i < outWidth; i++, out += 3) {
      let sum = i32x4.splat(0);
      for (const last = from + <usize>factor * LINE_PIXEL; from < last; from += LINE_PIXEL) {
        sum = i32x4.add(sum, i32x4.extend_low_i16x8_u(v128.load64_zero(from)));
      }
      const mean = i32x4.shr_u(i32x4.add(i32x4.mul(sum, weight), i32x4.splat(1 << 23)), 24);
      const words = i16x8.narrow_i32x4_u(mean, mean);
      v128.store32_lane(out, i8x16.narrow_i16x8_u(words, words), 0);
    }
  }
}

/** Writes the sums of `count` rows from `top` on as uint16; beyond the image, its edge rows are repeated. */
function sumRows(first: usize, rowBytes: i32, height: i32, top: i32, count: i32, line: usize, bytes: i32): void {
  for (let i = 0; i < bytes; i += 16, line += 32) {
    let low = i16x8.splat(0);
    let high = i16x8.splat(0);
    for (let y = top; y < top + count; y++) {
      const values = v128.load(first + <usize>(clamp(y, 0, height - 1) * rowBytes + i));
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(values));
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(values));
    }
    v128.store(line, low);
    v128.store(line, high, 16);
  }
}

/** Fills [from, to) with one pixel of the line. */
function repeatPixel(pixel: usize, from: usize, to: usize): void {
  const redGreen = load<u32>(pixel);
  const blue = load<u16>(pixel, 4);
  for (; from < to; from += LINE_PIXEL) {
    store<u32>(from, redGreen);
    store<u16>(from, blue, 4);
  }
}

function clamp(value: i32, low: i32, high: i32): i32 {
  return min(max(value, low), high);
}
