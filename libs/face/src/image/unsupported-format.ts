import { FaceError } from '../errors.js';

/** Unsupported files that people send: what they are, and what to send instead. */
const UNSUPPORTED = {
  PDF: 'is a PDF; send the picture in it as a JPEG or PNG',
  SVG: 'is an SVG drawing; send a photograph as a JPEG or PNG',
  JPEG_XL: 'is a JPEG XL picture; send it as a JPEG or PNG',
  PSD: 'is a Photoshop document; send it as a JPEG or PNG',
  CAMERA_RAW: "is a camera raw file; send the camera's JPEG or HEIC instead",
  VIDEO: 'is a video; send one frame as a JPEG or PNG',
  ZIP: 'is a ZIP archive or an office document; send the picture in it',
  HEIF_KIND: 'is a HEIF picture of an unsupported kind; send it as a JPEG or PNG',
  JPEG_2000_KIND: 'is a JPEG 2000 picture of an unsupported kind; send it as a JPEG or PNG',
  BMP_KIND: 'is a BMP with an unsupported compression; send it as a JPEG or PNG',
  TIFF_KIND: 'is a TIFF with an unsupported compression or colour space; send it as a JPEG or PNG',
  OLD_JPEG_TIFF: 'is a TIFF with old-style JPEG compression; send it as a JPEG or PNG',
} as const;

export type UnsupportedFormat = keyof typeof UNSUPPORTED;

/** The error for a file of a recognised but unsupported format. */
export const unsupported = (format: UnsupportedFormat): FaceError =>
  new FaceError('UNSUPPORTED_FORMAT', UNSUPPORTED[format]);

/** Magic numbers, with their offsets. */
const SIGNATURES: readonly (readonly [format: UnsupportedFormat, at: number, bytes: string])[] = [
  ['PDF', 0, '%PDF-'],
  ['JPEG_XL', 0, '\xff\x0a'],
  ['JPEG_XL', 0, '\0\0\0\x0cJXL \r\n\x87\n'],
  ['PSD', 0, '8BPS'],
  ['ZIP', 0, 'PK\x03\x04'],
  ['ZIP', 0, 'PK\x05\x06'],
  // Canon, Fujifilm, Olympus, Panasonic, Minolta, Sigma; most others are based on TIFF (tiff.ts).
  ['CAMERA_RAW', 4, 'ftypcrx '],
  ['CAMERA_RAW', 0, 'FUJIFILMCCD-RAW'],
  ['CAMERA_RAW', 0, 'IIRO'],
  ['CAMERA_RAW', 0, 'IIRS'],
  ['CAMERA_RAW', 0, 'MMOR'],
  ['CAMERA_RAW', 0, 'IIU\0'],
  ['CAMERA_RAW', 0, '\0MRM'],
  ['CAMERA_RAW', 0, 'FOVb'],
  // MP4, MOV and similar: a file type that is not a picture's, or the first boxes of older movies.
  ['VIDEO', 4, 'ftyp'],
  ['VIDEO', 4, 'moov'],
  ['VIDEO', 4, 'mdat'],
  ['VIDEO', 4, 'wide'],
  ['VIDEO', 8, 'AVI '],
  ['VIDEO', 0, '\x1aE\xdf\xa3'],
];

/** How far into a file an SVG may start, after declarations and comments, in bytes. */
const MAX_SVG_START = 4096;

/** @returns the format of an unsupported file, if recognised */
export function recogniseUnsupported(bytes: Uint8Array): UnsupportedFormat | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, MAX_SVG_START)).toString(
    'latin1',
  );
  const found = SIGNATURES.find(([, at, signature]) => start.startsWith(signature, at));
  if (found !== undefined) return found[0];
  // Text may start with a byte order mark and blanks.
  const text = start.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (text.startsWith('%PDF-')) return 'PDF';
  return text.startsWith('<') && /<svg[\s>]/i.test(text) && !/<html[\s>]/i.test(text) ? 'SVG' : undefined;
}
