import type { WasmFormat } from './wasm/codec.js';

/** The image formats the service reads, recognised by their first bytes and by nothing the sender claims. */
export type ImageFormat = NativeFormat | WasmFormat;

/** As callers know them. */
export const FORMAT_LIST = ['JPEG', 'PNG', 'WebP', 'GIF', 'BMP', 'AVIF', 'TIFF', 'HEIC', 'JPEG 2000'] as const;

/** In a sentence. */
export const FORMAT_NAMES = `${FORMAT_LIST.slice(0, -1).join(', ')} or ${FORMAT_LIST[FORMAT_LIST.length - 1]}`;

/** Those that native libraries decode. */
export type NativeFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp' | 'avif' | 'tiff';

/**
 * Recognises an image by its magic number.
 *
 * Only these formats pass. In particular SVG, which can pull in other files, and PDF, which the decoder library could read,
 * are never handed to it.
 *
 * @returns the format, or null for anything else.
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

/** The byte order, and 42 or, in a BigTIFF, 43 in it. */
const TIFF_STARTS = [
  [0x49, 0x49, 42, 0],
  [0x4d, 0x4d, 0, 42],
  [0x49, 0x49, 43, 0],
  [0x4d, 0x4d, 0, 43],
];

/** The signature box of JP2, and the first markers of a codestream alone. */
const JPEG_2000_STARTS = [
  [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a],
  [0xff, 0x4f, 0xff, 0x51],
];

/** HEIC has all of AVIF's brands but its own; a HEIF of a codec that is not read shows that later. */
function formatOfBrands(found: readonly string[]): 'avif' | 'heic' | null {
  if (found.includes('avif')) return 'avif';
  return found.some((brand) => HEIF_BRANDS.has(brand)) ? 'heic' : null;
}

/** Of still pictures and sequences in HEVC, of their layered kinds, and of HEIF whatever the codec (ISO/IEC 23008-12). */
const HEIF_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'mif2', 'msf1']);

/** The brands that a file conforms to, as its file type box lists them: first the major one, behind it a version. */
function brands(bytes: Uint8Array): string[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(view.readUInt32BE(0), MAX_FTYP_BYTES, view.length);
  const found: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) found.push(view.toString('latin1', at, at + 4));
  return found;
}

/** No real file lists so many brands. */
const MAX_FTYP_BYTES = 256;

/**
 * BM alone is only two letters; the length of the header behind the file header makes it a bitmap: OS/2 1.x has 12 bytes, OS/2 2.x
 * any part of 64, and Windows 40, 52, 56, 108 or 124.
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
