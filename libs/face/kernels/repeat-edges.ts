/**
 * Pads a region of RGB pixels by repeating its edge pixels.
 *
 * @param left start of the region, in pixels
 */
export function repeatEdges(
  pixels: usize,
  width: i32,
  height: i32,
  left: i32,
  top: i32,
  insideWidth: i32,
  insideHeight: i32,
): void {
  const rowBytes: usize = width * 3;
  const firstRow = pixels + <usize>top * rowBytes;
  const end = pixels + <usize>height * rowBytes;
  const firstPixel: usize = left * 3;
  const lastPixel: usize = (left + insideWidth - 1) * 3;
  let row = firstRow;
  for (let y = 0; y < insideHeight; y++, row += rowBytes) {
    repeatPixel(row + firstPixel, row, row + firstPixel);
    repeatPixel(row + lastPixel, row + lastPixel + 3, row + rowBytes);
  }
  const lastRow = row - rowBytes;
  for (; row < end; row += rowBytes) memory.copy(row, lastRow, rowBytes);
  for (row = pixels; row < firstRow; row += rowBytes) memory.copy(row, firstRow, rowBytes);
}

/** Fills [from, to) with a pixel. */
function repeatPixel(pixel: usize, from: usize, to: usize): void {
  const redGreen = load<u16>(pixel);
  const blue = load<u8>(pixel, 2);
  for (; from < to; from += 3) {
    store<u16>(from, redGreen);
    store<u8>(from, blue, 2);
  }
}
