import { loadPixel, storePlanes } from './lanes';

/** Bytes of one entry of the table: red, green and blue as int32. */
const ENTRY: usize = 12;

/**
 * Fills a summed-area table of (height + 1) × (width + 1) entries from RGB pixels. Its first row and column are zeros.
 */
export function sumAreas(pixels: usize, width: i32, height: i32, table: usize): void {
  const rowBytes = (<usize>width + 1) * ENTRY;
  memory.fill(table, 0, rowBytes);
  let entry = table + rowBytes;
  for (let y = 0; y < height; y++) {
    let sum = i32x4.splat(0);
    // Also overwrites what the previous entry's fourth lane left here.
    v128.store(entry, sum);
    for (const last = entry + rowBytes - ENTRY; entry < last; pixels += 3) {
      entry += ENTRY;
      sum = i32x4.add(sum, loadPixel(pixels));
      v128.store(entry, i32x4.add(sum, v128.load(entry - rowBytes)));
    }
    entry += ENTRY;
  }
}

/** Bytes per output column: the start and end of its window in a table row, and its weight. */
const COLUMN: usize = 12;

/**
 * Averages a region down to outWidth × outHeight and writes mean · gain + bias to three float32 planes. Output pixel i
 * is the mean of the pixels in [⌊i·n/m⌋, ⌈(i + 1)·n/m⌉) along each axis.
 *
 * @param columns scratch space of outWidth × 12 bytes
 */
export function averageAreas(
  table: usize,
  imageWidth: i32,
  x: i32,
  y: i32,
  width: i32,
  height: i32,
  outWidth: i32,
  outHeight: i32,
  gain: f32,
  bias: f32,
  columns: usize,
  out: usize,
): void {
  const rowBytes = (<usize>imageWidth + 1) * ENTRY;
  const origin = table + <usize>y * rowBytes + <usize>x * ENTRY;
  const planeBytes: usize = outWidth * outHeight * 4;
  const columnsEnd = columns + <usize>outWidth * COLUMN;
  for (let i = 0, column = columns; column < columnsEnd; i++, column += COLUMN) {
    const start = windowStart(i, width, outWidth);
    const end = windowEnd(i, width, outWidth);
    store<usize>(column, <usize>start * ENTRY);
    store<usize>(column, <usize>end * ENTRY, 4);
    store<f32>(column, gain / <f32>(end - start), 8);
  }
  for (let j = 0; j < outHeight; j++) {
    const start = windowStart(j, height, outHeight);
    const end = windowEnd(j, height, outHeight);
    const top = origin + <usize>start * rowBytes;
    const bottom = origin + <usize>end * rowBytes;
    const rowWeight = f32x4.splat(1 / <f32>(end - start));
    for (let column = columns; column < columnsEnd; column += COLUMN, out += 4) {
      const left = load<usize>(column);
      const right = load<usize>(column, 4);
      const above = i32x4.sub(v128.load(top + right), v128.load(top + left));
      const below = i32x4.sub(v128.load(bottom + right), v128.load(bottom + left));
      const sum = f32x4.convert_i32x4_s(i32x4.sub(below, above));
      const weight = f32x4.mul(rowWeight, v128.load32_splat(column, 8));
      storePlanes(out, planeBytes, f32x4.add(f32x4.mul(sum, weight), f32x4.splat(bias)));
    }
  }
}

function windowStart(i: i32, inLength: i32, outLength: i32): i32 {
  return (i * inLength) / outLength;
}

function windowEnd(i: i32, inLength: i32, outLength: i32): i32 {
  return ((i + 1) * inLength + outLength - 1) / outLength;
}
