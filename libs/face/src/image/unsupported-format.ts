import { FaceError } from '../errors.js';

/** Files that people send for photographs and that are not read, with their article, and what to send instead. */
const UNSUPPORTED = {
  PDF: 'is a PDF; send the photograph in it as a JPEG or PNG',
  SVG: 'is an SVG drawing; send a JPEG or PNG',
  JPEG_XL: 'is a JPEG XL picture; send it as a JPEG or PNG',
  PSD: 'is a Photoshop file (PSD); send it as a JPEG or PNG',
  CAMERA_RAW: "is a camera's raw file; send the JPEG or HEIC that the camera makes of it",
  VIDEO: 'is a video; send one picture of it as a JPEG or PNG',
  ZIP: 'is a ZIP archive; send the photograph in it',
  HEIF_KIND: 'is a HEIF picture of a kind that is not read; send it as a JPEG or PNG',
  JPEG_2000_KIND: 'is a JPEG 2000 picture of a kind that is not read; send it as a JPEG or PNG',
  BMP_KIND: 'is a BMP in a compression that is not read; send it as a JPEG or PNG',
  OLD_JPEG_TIFF: 'is a TIFF with old-style JPEG compression; send it as a JPEG or PNG',
} as const;

export type UnsupportedFormat = keyof typeof UNSUPPORTED;

/** What the sender of a file that is recognised and not read is told. */
export const unsupported = (format: UnsupportedFormat): FaceError =>
  new FaceError('UNSUPPORTED_FORMAT', UNSUPPORTED[format]);
