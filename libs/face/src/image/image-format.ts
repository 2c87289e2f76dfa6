/** The image formats the service reads, recognised by their first bytes and by nothing the sender claims. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp' | 'avif' | 'tiff';

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
  if (hasAscii(bytes, 4, 'ftyp') && hasAvifBrand(bytes)) return 'avif';
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

/** The file type box lists the brands a file conforms to; HEIC has all of AVIF's but its own. */
function hasAvifBrand(bytes: Uint8Array): boolean {
  const end = Math.min(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0), MAX_FTYP_BYTES);
  for (let at = 8; at + 4 <= end; at += 4) if (hasAscii(bytes, at, 'avif')) return true;
  return false;
}

/** No real file lists so many brands. */
const MAX_FTYP_BYTES = 256;

/** BM alone is only two letters; the length of the header behind the file header makes it a bitmap. */
function isBitmapHeaderSize(size: number | undefined): boolean {
  return size === 12 || size === 40 || size === 52 || size === 56 || size === 108 || size === 124;
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
