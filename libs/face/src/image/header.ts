import sharp, { type Metadata } from 'sharp';
import { FaceError } from '../errors.js';
import type { Size } from '../geometry/box.js';
import type { NativeFormat } from './image-format.js';
import { readTiffLayout } from './tiff.js';
import { unsupported } from './unsupported-format.js';

/** What is known about an image from its header, before any pixel is decoded. */
export interface ImageHeader extends Size {
  readonly format: NativeFormat;
  readonly hasAlpha: boolean;
  readonly isCmyk: boolean;
  /** A PNG whose rows are stored in seven passes. */
  readonly isInterlaced: boolean;
  readonly isAnimated: boolean;
  /** Bytes per decoded pixel before the conversion to 8-bit RGB. */
  readonly bytesPerPixel: number;
  /** Bytes of decompressed pixels that the decoder holds at once if the file defines it: a TIFF's strip or tiles. */
  readonly heldBytes: number;
  /** Minimum size of a complete file, if it can be derived from the header; otherwise 0. */
  readonly minBytes: number;
}

/** EXIF orientations 5 to 8 swap width and height. */
const FIRST_SIDEWAYS_ORIENTATION = 5;

/**
 * Reads the size of an image, after applying its EXIF orientation, and what the decoder needs to know about its pixels.
 *
 * @throws FaceError UNREADABLE_IMAGE if the header is invalid; UNSUPPORTED_FORMAT or TOO_MANY_PIXELS if it describes an
 *   image that is not accepted
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
 * BITMAPCOREHEADER (12 bytes) has 16-bit sizes; every later header has signed 32-bit ones, with a negative height for
 * top-down rows. OS/2 2.x headers may be truncated where the rest is zero. Skia fills missing pixels with black, so
 * completeness is checked here.
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

/** BI_RLE8 and BI_RLE4, whose rows have no fixed length. */
const RUN_LENGTH_COMPRESSIONS = new Set([1, 2]);

/**
 * The other compressions are whole JPEGs or PNGs (4, 5) on Windows, which writes such files only for printers, and
 * Huffman codes (3) or 24-bit run-length encoding (4) on OS/2. In Windows headers, 3 and 6 mean colour masks.
 */
function isReadCompression(compression: number, headerBytes: number): boolean {
  if (compression === 0 || RUN_LENGTH_COMPRESSIONS.has(compression)) return true;
  return WINDOWS_HEADERS.has(headerBytes) && (compression === 3 || compression === 6);
}

const WINDOWS_HEADERS = new Set([40, 52, 56, 108, 124]);
