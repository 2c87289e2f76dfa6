import type { WasmFormat } from './wasm/codec.js';

/** The supported image formats, recognised only by their first bytes, not by anything the sender claims. */
export type ImageFormat = NativeFormat | WasmFormat;

/** Display names. */
export const FORMAT_LIST = ['JPEG', 'PNG', 'WebP', 'GIF', 'BMP', 'AVIF', 'TIFF', 'HEIC', 'JPEG 2000'] as const;

/** The display names as an enumeration in a sentence. */
export const FORMAT_NAMES = `${FORMAT_LIST.slice(0, -1).join(', ')} or ${FORMAT_LIST[FORMAT_LIST.length - 1]}`;

/** Those that native libraries decode. */
export type NativeFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp' | 'avif' | 'tiff';

/**
 * Recognises an image by its magic number.
 *
 * Only these formats reach the decoder library. In particular SVG, which can include other files, and PDF, which the
 * library could read, do not.
 *
 * @returns the format, or null for anything else
 */
export function detectImageFormat(bytes: Uint8Array): ImageFormat | null {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (hasAscii(bytes, 0, 'RIFF') && hasAscii(bytes, 8, 'WEBP')) return 'webp';
  if (hasAscii(bytes, 0, 'GIF87a') || hasAscii(bytes, 0, 'GIF89a')) return 'gif';
  if (hasAscii(bytes, 0, 'BM') && isBitmapHeaderSize(bytes[14])) return 'bmp';
  if (hasAscii(bytes, 4, 'ftyp')) return formatOfBrands(brands(bytes));
  if (JPEG_2000_STARTS.some((start) => startsWith(bytes, start))) return 'jp2';
  if (TIFF_STARTS.some((start) => startsWith(bytes, start))) return 'tiff';
  return null;
}

/** The byte order mark, followed by 42 or, in a BigTIFF, 43 in that order. */
const TIFF_STARTS = [
  [0x49, 0x49, 42, 0],
  [0x4d, 0x4d, 0, 42],
  [0x49, 0x49, 43, 0],
  [0x4d, 0x4d, 0, 43],
];

/** The signature box of JP2, and the first markers of a bare codestream. */
const JPEG_2000_STARTS = [
  [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a],
  [0xff, 0x4f, 0xff, 0x51],
];

/** HEIC shares AVIF's brands except its own; a HEIF with an unsupported codec is rejected later. */
function formatOfBrands(found: readonly string[]): 'avif' | 'heic' | null {
  if (found.includes('avif')) return 'avif';
  return found.some((brand) => HEIF_BRANDS.has(brand)) ? 'heic' : null;
}

/** Still pictures and sequences in HEVC, their layered variants, and HEIF with any codec (ISO/IEC 23008-12). */
const HEIF_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'mif2', 'msf1']);

/** The brands in the file type box: the major brand, followed by a version, then the compatible ones. */
function brands(bytes: Uint8Array): string[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(view.readUInt32BE(0), MAX_FTYP_BYTES, view.length);
  const found: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) found.push(view.toString('latin1', at, at + 4));
  return found;
}

/** More than any real file's list of brands. */
const MAX_FTYP_BYTES = 256;

/**
 * "BM" alone is too short a signature; the length of the info header must match too: 12 bytes for OS/2 1.x, up to 64
 * for OS/2 2.x, and 40, 52, 56, 108 or 124 for Windows.
 */
function isBitmapHeaderSize(size: number | undefined): boolean {
  if (size === undefined) return false;
  const isOs2 = size >= 16 && size <= 64 && (size % 4 === 0 || size === 42 || size === 46);
  return isOs2 || size === 12 || size === 108 || size === 124;
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((value, index) => bytes[index] === value);
}

function hasAscii(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}
