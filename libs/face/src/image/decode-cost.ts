import { FaceError } from '../errors.js';
import type { Size } from '../geometry/box.js';
import type { ImageHeader } from './header.js';
import type { JpegScans } from './jpeg-scans.js';

/**
 * The most memory that decoding one photograph may take, in bytes, beside the file itself and the pixels handed on.
 * With it two workers stay below 1.2 GB (test/memory.test.ts): 460 MB of their own, up to 340 for a body of two
 * photographs of 10 MB in base64 and what it leaves behind, and twice this.
 */
const MAX_DECODE_BYTES = 200_000_000;

/** What decoders take at their peak for pictures of one kind; measured at 50 megapixels (docs/decisions/0003). */
export interface DecodeCost {
  /** With its article, to stand behind "is". */
  readonly kind: string;
  readonly bytesPerPixel: number;
}

/**
 * Refuses a photograph whose decoder would take more memory than one may have. Most formats are decoded row by row or
 * scaled on the way, and cost little whatever their size; this concerns those that are held whole.
 *
 * @param scans of a JPEG; undefined for other formats
 * @throws FaceError TOO_MANY_PIXELS
 */
export function checkDecodeCost(header: ImageHeader, scans: JpegScans | undefined): void {
  checkCost(header, decodeCost(header, scans));
}

/** @throws FaceError TOO_MANY_PIXELS where a picture of this size takes its decoder more memory than one may have */
export function checkCost({ width, height }: Size, { kind, bytesPerPixel }: DecodeCost): void {
  const mostPixels = MAX_DECODE_BYTES / bytesPerPixel;
  if (width * height <= mostPixels) return;
  const megapixels = Math.floor(mostPixels / 1e5) / 10;
  throw new FaceError(
    'TOO_MANY_PIXELS',
    `is ${kind} of ${width}×${height} px; such files may have at most ${megapixels} megapixels`,
  );
}

/** Of an image that is held in its own pixels, and of pieces that are held beside its rows. */
function tiffCost({ width, height, bytesPerPixel, heldBytes }: ImageHeader): number {
  return 0.5 * bytesPerPixel + (2.5 * heldBytes) / (width * height);
}

function decodeCost(header: ImageHeader, scans: JpegScans | undefined): DecodeCost {
  switch (header.format) {
    case 'jpeg':
      // Coefficients have 16 bits.
      return scans?.keepsCoefficients === true
        ? { kind: 'a progressive JPEG', bytesPerPixel: 0.4 + 2 * scans.samplesPerPixel }
        : { kind: 'a JPEG', bytesPerPixel: 0.4 };
    case 'png':
      return header.isInterlaced
        ? { kind: 'an interlaced PNG', bytesPerPixel: 1 + header.bytesPerPixel }
        : { kind: 'a PNG', bytesPerPixel: 0.4 * header.bytesPerPixel };
    case 'webp':
      // A lossy one of one frame takes a third of a byte. That it is lossless stands in each frame, not in the header.
      return header.isAnimated
        ? { kind: 'an animated WebP', bytesPerPixel: 5.2 }
        : { kind: 'a WebP', bytesPerPixel: 4 };
    case 'gif':
      return { kind: 'a GIF', bytesPerPixel: 5 };
    case 'bmp':
      return { kind: 'a BMP', bytesPerPixel: 5.6 };
    case 'avif':
      // 12 bits, 4:4:4, with alpha. Less takes 15 to 20 bytes, but a file that says it is less and is not is decoded all
      // the same.
      return { kind: 'an AVIF', bytesPerPixel: 25 };
    case 'tiff':
      return { kind: 'a TIFF', bytesPerPixel: tiffCost(header) };
  }
}
