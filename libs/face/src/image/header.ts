import sharp, { type Metadata } from 'sharp';
import { FaceError } from '../errors.js';
import type { Size } from '../geometry/box.js';
import type { NativeFormat } from './image-format.js';
import { readTiffLayout } from './tiff.js';
import { unsupported } from './unsupported-format.js';

/** What the first bytes of an image tell about it, before any pixel is decoded. */
export interface ImageHeader extends Size {
  readonly format: NativeFormat;
  readonly hasAlpha: boolean;
  readonly isCmyk: boolean;
  /** A PNG whose rows come in seven passes. */
  readonly isInterlaced: boolean;
  readonly isAnimated: boolean;
  /** Bytes a decoded pixel has before it is brought to 8 bits and RGB. */
  readonly bytesPerPixel: number;
  /** Bytes of unpacked pixels that the decoder holds at once where the file says how many: a TIFF's strip or tiles. */
  readonly heldBytes: number;
  /** The fewest bytes a whole file of this size has, where the format tells; 0 where it does not. */
  readonly minBytes: number;
}

/** EXIF orientations 5 to 8 lay the picture on its side. */
const FIRST_SIDEWAYS_ORIENTATION = 5;

/**
 * Reads the size of an image, upright after its EXIF orientation, and what the decoder needs to know of its pixels.
 *
 * @throws FaceError UNREADABLE_IMAGE where the header makes no sense; UNSUPPORTED_FORMAT or TOO_MANY_PIXELS where it tells of
 *   what is not read.
 */
export async function readImageHeader(bytes: Uint8Array, format: NativeFormat): Promise<ImageHeader> {
  return format === 'bmp' ? readBitmapHeader(bytes) : readWithSharp(bytes, format);
}

async function readWithSharp(bytes: Uint8Array, format: NativeFormat): Promise<ImageHeader> {
  const tiff = format === 'tiff' ? readTiffLayout(bytes) : undefined;
  let metadata: Metadata;
  try {
    metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch {
    throw new FaceError('UNREADABLE_IMAGE', `has a damaged header (${format.toUpperCase()})`);
  }
  const { width, height, orientation = 1, hasAlpha, space, channels, depth, isProgressive, pages = 1 } = metadata;
  const sideways = orientation >= FIRST_SIDEWAYS_ORIENTATION;
  return {
    format,
    width: sideways ? height : width,
    height: sideways ? width : height,
    hasAlpha,
    isCmyk: space === 'cmyk',
    isInterlaced: isProgressive,
    isAnimated: pages > 1,
    bytesPerPixel: tiff?.bytesPerPixel ?? channels * (depth === 'ushort' ? 2 : 1),
    heldBytes: tiff?.heldBytes ?? 0,
    minBytes: tiff?.minBytes ?? 0,
  };
}

/**
 * BITMAPCOREHEADER (12 bytes) holds 16-bit sizes; every later header holds signed 32-bit ones, the height negative
 * for rows stored from the top. The headers of OS/2 2.x end wherever the rest is zero. Skia fills the missing rest of a bitmap
 * with black, so whether all of it is there is judged here.
 */
function readBitmapHeader(bytes: Uint8Array): ImageHeader {
  if (bytes.byteLength < 34) throw new FaceError('UNREADABLE_IMAGE', 'has a damaged header (BMP)');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(14, true);
  const isCore = headerBytes === 12;
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = isCore ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  if (width <= 0 || height <= 0) throw new FaceError('UNREADABLE_IMAGE', 'has a damaged header (BMP)');
  const bitsPerPixel = view.getUint16(isCore ? 24 : 28, true);
  const compression = headerBytes >= 20 ? view.getUint32(30, true) : 0;
  if (!isReadCompression(compression, headerBytes)) throw unsupported('BMP_KIND');
  return {
    format: 'bmp',
    width,
    height,
    hasAlpha: false,
    isCmyk: false,
    isInterlaced: false,
    isAnimated: false,
    bytesPerPixel: 4,
    heldBytes: 0,
    // Rows are padded to four bytes.
    minBytes: RUN_LENGTH_COMPRESSIONS.has(compression)
      ? 0
      : view.getUint32(10, true) + Math.ceil((width * bitsPerPixel) / 32) * 4 * height,
  };
}

/** BI_RLE8 and BI_RLE4: their rows have no fixed length. */
const RUN_LENGTH_COMPRESSIONS = new Set([1, 2]);

/**
 * What is compressed otherwise: as a whole JPEG or PNG (4, 5) by Windows, which makes such files for printers only, and by OS/2
 * with Huffman codes (3) or by runs of colours (4). In headers of Windows 3 and 6 stand for masks of the colours.
 */
function isReadCompression(compression: number, headerBytes: number): boolean {
  if (compression === 0 || RUN_LENGTH_COMPRESSIONS.has(compression)) return true;
  return WINDOWS_HEADERS.has(headerBytes) && (compression === 3 || compression === 6);
}

const WINDOWS_HEADERS = new Set([40, 52, 56, 108, 124]);
