import sharp, { type SharpOptions } from 'sharp';
import { FaceError } from '../errors.js';
import type { Size } from '../geometry/box.js';
import { checkDecodeCost } from './decode-cost.js';
import { decodeFailure, isFinal, MAX_DECODE_SECONDS } from './decode-failure.js';
import { type ImageHeader, readImageHeader } from './header.js';
import { detectImageFormat, FORMAT_NAMES, type ImageFormat } from './image-format.js';
import { withoutStrayBytes } from './jpeg-strays.js';
import { checkScans, readJpegScans } from './jpeg-scans.js';
import { checkImageSize } from './limits.js';
import type { Photograph } from './photograph.js';
import { withoutTexts } from './png-texts.js';
import { decodeQuickly } from './quick-jpeg.js';
import { rgbPixels } from './rgb-pixels.js';
import { decodeInThread } from './wasm/decode-in-thread.js';
import { recogniseUnsupported, unsupported } from './unsupported-format.js';
import { checkWebpFrames } from './webp-frames.js';
import { type WorkingScale, workingSize } from './working-size.js';

/** One thread per photograph: the pool already decodes as many at a time as there are workers. */
sharp.concurrency(1);
/** Photographs rarely repeat, and none may be kept after its response. */
sharp.cache(false);

/**
 * Decodes a photograph and applies its EXIF orientation, off the JavaScript thread but for ordinary JPEGs.
 *
 * sharp (libvips) decodes every format but BMP, which @napi-rs/canvas (Skia) does, and HEIC and JPEG 2000, which have
 * WebAssembly decoders (docs/decisions/0003-image-decoder.md). Ordinary JPEGs that need no scaling have a faster one
 * if `scale` allows it.
 * Embedded RGB profiles are ignored, as in the reference stack; CMYK cannot be converted without its profile, so there
 * it is applied.
 *
 * @param sent the file, of any kind
 * @param scale how the detector wants large photographs scaled
 * @param maxPixels maximum number of pixels (width × height), checked in the header
 * @throws FaceError UNSUPPORTED_FORMAT, UNREADABLE_IMAGE, IMAGE_TOO_SMALL or TOO_MANY_PIXELS
 */
export async function decodePhotograph(sent: Uint8Array, scale: WorkingScale, maxPixels: number): Promise<Photograph> {
  const format = detectImageFormat(sent);
  if (format === null) throw notRead(sent);
  const bytes = cleaned(sent, format);
  if (format === 'heic' || format === 'jp2') return decodeInThread(format, bytes, scale, maxPixels);
  const quick = format === 'jpeg' && scale.quickJpegs ? decodeQuickly(bytes, scale, maxPixels) : undefined;
  if (quick !== undefined) return quick;
  if (format === 'webp') checkWebpFrames(bytes);
  const header = await readImageHeader(bytes, format);
  checkImageSize(header, maxPixels);
  const scans = format === 'jpeg' ? readJpegScans(bytes) : undefined;
  if (scans !== undefined) checkScans(scans.scans, header);
  checkDecodeCost(header, scans);
  const size = workingSize(header, scale.noResizeUpTo);
  if (bytes.byteLength < header.minBytes) throw decodeFailure(new Error('too few bytes'), format);
  try {
    const pixels =
      format === 'bmp' ? await decodeBitmap(bytes, size) : await decodeWithSharp(bytes, header, size, scale.kernel);
    return {
      ...size,
      pixels,
      original: { width: header.width, height: header.height },
      scaleToOriginal: header.width / size.width,
    };
  } catch (error) {
    throw decodeFailure(error as Error, format);
  }
}

/** The file without the parts that would make its decoder fail or waste work. */
function cleaned(bytes: Uint8Array, format: ImageFormat): Uint8Array {
  switch (format) {
    case 'jpeg':
      return withoutStrayBytes(bytes);
    case 'png':
      return withoutTexts(bytes);
    default:
      return bytes;
  }
}

/** The error for an unsupported file, with the name of its format if recognised. */
function notRead(bytes: Uint8Array): FaceError {
  const format = recogniseUnsupported(bytes);
  return format === undefined
    ? new FaceError('UNSUPPORTED_FORMAT', `is not a ${FORMAT_NAMES} picture`)
    : unsupported(format);
}

async function decodeWithSharp(
  bytes: Uint8Array,
  header: ImageHeader,
  size: Size,
  kernel: WorkingScale['kernel'],
): Promise<Uint8Array> {
  const decode = (failOn: 'warning' | 'error'): Promise<Uint8Array> => {
    const options: SharpOptions = {
      autoOrient: true,
      failOn,
      ignoreIcc: !header.isCmyk,
      limitInputPixels: header.width * header.height,
    };
    const image = sharp(bytes, options).timeout({ seconds: MAX_DECODE_SECONDS });
    return rgbPixels(image, { from: header, to: size, kernel, hasAlpha: header.hasAlpha });
  };
  try {
    return await decode('warning');
  } catch (error) {
    // sharp's own warning events are unusable: libvips collects them per process and reports one photograph's warnings
    // with whichever finishes next.
    if (isFinal(error as Error)) throw error;
    return decode('error');
  }
}

/** BMPs are rare, and loading Skia takes memory in every worker. */
async function decodeBitmap(bytes: Uint8Array, size: Size): Promise<Uint8Array> {
  const { decodeWithCanvas } = await import('./canvas-decoder.js');
  return decodeWithCanvas(bytes, size);
}
