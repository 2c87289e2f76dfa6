import type { Size } from '../geometry/box.js';
import type { RgbImage } from './rgb-image.js';

/** BITMAPFILEHEADER and BITMAPINFOHEADER. */
const HEADER_BYTES = 54;

/** The header fields of a bitmap other than its size; 24 bits per pixel by default. */
export interface BitmapFormat {
  readonly bitsPerPixel?: 8 | 24 | 32;
  /** 0: none, 1: run-length encoding (BI_RLE8). */
  readonly compression?: 0 | 1;
  /** Colours in the palette after the header, four bytes each. */
  readonly colours?: number;
  readonly pixelBytes?: number;
}

/** The headers of a Windows bitmap and an all-black palette. */
export function bitmapHeader({ width, height }: Size, format: BitmapFormat = {}): Buffer {
  const { bitsPerPixel = 24, compression = 0, colours = 0, pixelBytes = 0 } = format;
  const header = Buffer.alloc(HEADER_BYTES + 4 * colours);
  header.write('BM', 'latin1');
  header.writeUInt32LE(header.length + pixelBytes, 2);
  header.writeUInt32LE(header.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bitsPerPixel, 28);
  header.writeUInt32LE(compression, 30);
  header.writeUInt32LE(pixelBytes, 34);
  header.writeUInt32LE(colours, 46);
  return header;
}

/** A bitmap without palette: rows of B, G, R (and 255) padded to four bytes; the height is negative if top-down. */
export function encodeBitmap(
  { width, height, pixels }: RgbImage,
  order: 'bottom-up' | 'top-down' = 'bottom-up',
  bitsPerPixel: 24 | 32 = 24,
): Buffer {
  const bytesPerPixel = bitsPerPixel / 8;
  const stride = Math.ceil((width * bytesPerPixel) / 4) * 4;
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const row = stride * (order === 'top-down' ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = row + x * bytesPerPixel;
      rows.set([pixels[from + 2], pixels[from + 1], pixels[from]], to);
      if (bytesPerPixel === 4) rows[to + 3] = 0xff;
    }
  }
  const size = { width, height: order === 'top-down' ? -height : height };
  return Buffer.concat([bitmapHeader(size, { bitsPerPixel, pixelBytes: rows.length }), rows]);
}

/**
 * A BMP of 8 bits per pixel with an OS/2 or Windows header of any length, stored bottom-up.
 *
 * @param indices palette indices, from the top left
 */
export function paletteBitmap(
  { width, height }: Size,
  headerBytes: number,
  indices: Uint8Array,
  colours: readonly (readonly [red: number, green: number, blue: number])[],
): Buffer {
  const isCore = headerBytes === 12;
  const palette = Buffer.alloc(256 * (isCore ? 3 : 4));
  for (const [i, [red, green, blue]] of colours.entries()) palette.set([blue, green, red], i * (isCore ? 3 : 4));
  const header = Buffer.alloc(14 + Math.max(headerBytes, 24));
  header.write('BM', 'latin1');
  header.writeUInt32LE(14 + headerBytes + palette.length, 10);
  header.writeUInt32LE(headerBytes, 14);
  if (isCore) {
    header.writeUInt16LE(width, 18);
    header.writeUInt16LE(height, 20);
    header.set([1, 0, 8, 0], 22);
  } else {
    header.writeInt32LE(width, 18);
    header.writeInt32LE(height, 22);
    header.set([1, 0, 8, 0], 26);
  }
  const stride = Math.ceil(width / 4) * 4;
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) rows.set(indices.subarray(y * width, (y + 1) * width), (height - 1 - y) * stride);
  return Buffer.concat([header.subarray(0, 14 + headerBytes), palette, rows]);
}
