import { FaceError } from '../errors.js';
import type { Size } from '../geometry/box.js';
import type { ImageHeader } from './header.js';
import type { JpegScans } from './jpeg-scans.js';

/**
 * Maximum memory for decoding one photograph, in bytes, not counting the file and the resulting pixels. It keeps two
 * workers below 1.2 GB (test/memory.test.ts): 460 MB of their own, up to 340 for a body of two 10 MB photographs in
 * base64 and its garbage, and twice this.
 */
const MAX_DECODE_BYTES = 200_000_000;

/** The decoder's peak memory for one kind of picture; measured at 50 megapixels (docs/decisions/0003). */
export interface DecodeCost {
  /** With its article, to follow "is". */
  readonly kind: string;
  readonly bytesPerPixel: number;
}

/**
 * Rejects a photograph whose decoder would exceed the memory limit. Most formats are decoded row by row or scaled while
 * decoding, and cost little whatever their size; this is about those that are held whole.
 *
 * @param scans of a JPEG; undefined for other formats
 * @throws FaceError TOO_MANY_PIXELS
 */
export function checkDecodeCost(header: ImageHeader, scans: JpegScans | undefined): void {
  checkCost(header, decodeCost(header, scans));
}

/** @throws FaceError TOO_MANY_PIXELS if decoding a picture of this size would exceed the memory limit */
export function checkCost({ width, height }: Size, { kind, bytesPerPixel }: DecodeCost): void {
  const mostPixels = MAX_DECODE_BYTES / bytesPerPixel;
  if (width * height <= mostPixels) return;
  const megapixels = Math.floor(mostPixels / 1e5) / 10;
  throw new FaceError(
    'TOO_MANY_PIXELS',
    `is ${kind} of ${width}×${height} px; such files may have at most ${megapixels} megapixels`,
  );
}

/** Bytes per pixel for the image at its own bit depth, plus the strips or tiles held in addition. */
function tiffCost({ width, height, bytesPerPixel, heldBytes }: ImageHeader): number {
  return 0.5 * bytesPerPixel + (2.5 * heldBytes) / (width * height);
}

function decodeCost(header: ImageHeader, scans: JpegScans | undefined): DecodeCost {
  switch (header.format) {
    case 'jpeg':
      // Coefficients are 16-bit.
      return scans?.keepsCoefficients === true
        ? { kind: 'a progressive JPEG', bytesPerPixel: 0.4 + 2 * scans.samplesPerPixel }
        : { kind: 'a JPEG', bytesPerPixel: 0.4 };
    case 'png':
      return header.isInterlaced
        ? { kind: 'an interlaced PNG', bytesPerPixel: 1 + header.bytesPerPixel }
        : { kind: 'a PNG', bytesPerPixel: 0.4 * header.bytesPerPixel };
    case 'webp':
      // A lossy still takes a third of a byte, but whether it is lossy is stored in each frame, not in the header.
      return header.isAnimated
        ? { kind: 'an animated WebP', bytesPerPixel: 5.2 }
        : { kind: 'a WebP', bytesPerPixel: 4 };
    case 'gif':
      return { kind: 'a GIF', bytesPerPixel: 5 };
    case 'bmp':
      return { kind: 'a BMP', bytesPerPixel: 5.6 };
    case 'avif':
      // 12 bits, 4:4:4, with alpha. Simpler files take 15 to 20 bytes, but one whose header understates this is decoded
      // anyway.
      return { kind: 'an AVIF', bytesPerPixel: 25 };
    case 'tiff':
      return { kind: 'a TIFF', bytesPerPixel: tiffCost(header) };
  }
}
