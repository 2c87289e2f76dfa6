import jpegTurbo from '@julusian/jpeg-turbo';
import type { Size } from '../geometry/box.js';
import { jpegSegments, readJpegScans, START_OF_SCAN, uint16 } from './jpeg-scans.js';
import { checkImageSize } from './limits.js';
import type { Photograph } from './photograph.js';
import { readOrientation } from './tiff.js';
import { type WorkingScale, workingSize } from './working-size.js';

/** More scans than encoders write: to decode such a file twice, if it turns out to be damaged, would take too long. */
const MOST_SCANS = 16;

/**
 * Decodes an ordinary JPEG that needs no scaling with libjpeg-turbo, in about half of sharp's time.
 *
 * Ordinary are files with 8 bits, grey or in three colours, upright as they are stored. libjpeg-turbo's fast DCT and
 * sharp's accurate one differ by one of 255 levels on average (docs/decisions/0013-quick-jpeg.md). Its binding treats
 * every warning as an error, so what it decodes is undamaged.
 *
 * It occupies the calling thread, for some ten milliseconds: the binding's asynchronous decoder ends the whole process if
 * the thread dies before it is done.
 *
 * @returns undefined if the file is left to sharp, which also judges damage
 * @throws FaceError IMAGE_TOO_SMALL or TOO_MANY_PIXELS
 */
export function decodeQuickly(bytes: Uint8Array, scale: WorkingScale, maxPixels: number): Photograph | undefined {
  const size = ordinarySize(bytes);
  if (size === undefined) return undefined;
  const isScaled = workingSize(size, scale.noResizeUpTo).width !== size.width;
  // Counting takes a pass over the file, which most large ones are spared.
  if (isScaled || readJpegScans(bytes).scans > MOST_SCANS) return undefined;
  checkImageSize(size, maxPixels);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const { data, width, height } = jpegTurbo.decompressSync(file, { format: jpegTurbo.FORMAT_RGB });
    if (width !== size.width || height !== size.height) return undefined;
    return { ...size, pixels: data, original: size, scaleToOriginal: 1 };
  } catch {
    return undefined;
  }
}

/** Huffman-coded frames: baseline, extended sequential and progressive. */
const ORDINARY_FRAMES = new Set([0xc0, 0xc1, 0xc2]);
/** All frames: 0xc0 to 0xcf except for tables and a reserved code. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** APP1, and how it begins if it is EXIF. */
const APP1 = 0xe1;
const EXIF = Buffer.from('Exif\0\0', 'latin1');

/** The size in an ordinary JPEG's frame. */
function ordinarySize(bytes: Uint8Array): Size | undefined {
  let size: Size | undefined;
  for (const { marker, at } of jpegSegments(bytes)) {
    if (marker === START_OF_SCAN) return size;
    if (marker === APP1 && !isUpright(bytes.subarray(at + 3, at + 1 + uint16(bytes, at + 1)))) return undefined;
    if (!isFrame(marker)) continue;
    const components = bytes[at + 8];
    const isOrdinary = ORDINARY_FRAMES.has(marker) && (components === 1 || components === 3);
    if (size !== undefined || !isOrdinary) return undefined;
    size = { width: uint16(bytes, at + 6), height: uint16(bytes, at + 4) };
    // A height that follows the first scan, which no decoder here reads.
    if (size.width * size.height === 0) return undefined;
  }
  return undefined;
}

/** @param segment the content of an APP1 segment */
function isUpright(segment: Uint8Array): boolean {
  const isExif = EXIF.equals(segment.subarray(0, EXIF.length));
  return !isExif || readOrientation(segment.subarray(EXIF.length)) === 1;
}
