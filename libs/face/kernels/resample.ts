import { storePlanes } from './lanes';

/** Channel values (three per pixel) summed over the rows at a time. */
const BLOCK: usize = 16;

/**
 * Scales RGB pixels by weighted sums and writes sum · gain + bias to three float32 planes. For each output row, the
 * input rows are first summed into one line, then the pixels of that line.
 *
 * Along each axis, output pixel i is the sum of the input pixels from first[i] on, weighted by
 * weights[start[i]…start[i + 1]].
 *
 * @param line scratch space of width × 3 + 15 floats
 */
export function resample(
  pixels: usize,
  width: i32,
  columnFirst: usize,
  columnStart: usize,
  columnWeights: usize,
  rowFirst: usize,
  rowStart: usize,
  rowWeights: usize,
  outWidth: i32,
  outHeight: i32,
  gain: f32,
  bias: f32,
  line: usize,
  out: usize,
): void {
  const rowBytes: usize = width * 3;
  const planeBytes: usize = outWidth * outHeight * 4;
  const rowsEnd = rowFirst + <usize>outHeight * 4;
  const columnsEnd = columnFirst + <usize>outWidth * 4;
  for (let row = rowFirst, start = rowStart; row < rowsEnd; row += 4, start += 4) {
    const top = pixels + load<usize>(row) * rowBytes;
    sumRows(top, rowBytes, rowWeights + 4 * load<usize>(start), rowWeights + 4 * load<usize>(start, 4), line);
    for (let column = columnFirst, begin = columnStart; column < columnsEnd; column += 4, begin += 4, out += 4) {
      const weightsEnd = columnWeights + 4 * load<usize>(begin, 4);
      let pixel = line + 12 * load<usize>(column);
      let sum = f32x4.splat(0);
      for (let weight = columnWeights + 4 * load<usize>(begin); weight < weightsEnd; weight += 4, pixel += 12) {
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weight), v128.load(pixel)));
      }
      storePlanes(out, planeBytes, f32x4.add(f32x4.mul(sum, f32x4.splat(gain)), f32x4.splat(bias)));
    }
  }
}

/** Writes the weighted sum of the rows to the line. */
function sumRows(top: usize, rowBytes: usize, weights: usize, weightsEnd: usize, line: usize): void {
  for (const end = top + rowBytes; top < end; top += BLOCK, line += 4 * BLOCK) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    let d = f32x4.splat(0);
    for (let weight = weights, from = top; weight < weightsEnd; weight += 4, from += rowBytes) {
      const factor = v128.load32_splat(weight);
      const bytes = v128.load(from);
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      a = f32x4.add(a, f32x4.mul(factor, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(low))));
      b = f32x4.add(b, f32x4.mul(factor, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(low))));
      c = f32x4.add(c, f32x4.mul(factor, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(high))));
      d = f32x4.add(d, f32x4.mul(factor, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(high))));
    }
    v128.store(line, a);
    v128.store(line, b, 16);
    v128.store(line, c, 32);
    v128.store(line, d, 48);
  }
}
