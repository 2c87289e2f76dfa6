import { loadPixel, storePlanes } from './lanes';

/** Bytes per sampled row or column: the byte offsets of its two neighbours, and their weights. */
const SAMPLE: usize = 16;

/**
 * Samples RGB pixels bilinearly, rounds to 8 bits and writes (value − 127.5) / 127.5 to three float32 planes of a
 * square input.
 *
 * @param side of the input, in pixels
 * @param out pointer to the first sample
 */
export function sampleBilinear(
  pixels: usize,
  rows: usize,
  rowCount: i32,
  columns: usize,
  columnCount: i32,
  side: i32,
  out: usize,
): void {
  const lineBytes: usize = side * 4;
  const planeBytes: usize = side * side * 4;
  const rowsEnd = rows + <usize>rowCount * SAMPLE;
  const columnsEnd = columns + <usize>columnCount * SAMPLE;
  for (let row = rows; row < rowsEnd; row += SAMPLE, out += lineBytes) {
    const above = pixels + load<usize>(row);
    const below = pixels + load<usize>(row, 4);
    const aboveWeight = v128.load32_splat(row, 8);
    const belowWeight = v128.load32_splat(row, 12);
    for (let column = columns, to = out; column < columnsEnd; column += SAMPLE, to += 4) {
      const left = load<usize>(column);
      const right = load<usize>(column, 4);
      const leftWeight = v128.load32_splat(column, 8);
      const rightWeight = v128.load32_splat(column, 12);
      const upper = f32x4.mul(aboveWeight, between(above + left, above + right, leftWeight, rightWeight));
      const lower = f32x4.mul(belowWeight, between(below + left, below + right, leftWeight, rightWeight));
      const rounded = f32x4.floor(f32x4.add(f32x4.add(upper, lower), f32x4.splat(0.5)));
      storePlanes(to, planeBytes, f32x4.div(f32x4.sub(rounded, f32x4.splat(127.5)), f32x4.splat(127.5)));
    }
  }
}

function between(left: usize, right: usize, leftWeight: v128, rightWeight: v128): v128 {
  const a = f32x4.mul(leftWeight, f32x4.convert_i32x4_s(loadPixel(left)));
  const b = f32x4.mul(rightWeight, f32x4.convert_i32x4_s(loadPixel(right)));
  return f32x4.add(a, b);
}
