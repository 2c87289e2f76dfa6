import { FaceError } from '../errors.js';
import type { Size } from '../geometry/box.js';

/** How the pixels of a JPEG are distributed over its scans. */
export interface JpegScans {
  /**
   * How many times a decoder goes over the whole picture. 1 if the first scan has every component of a sequential
   * frame: what follows it is never read.
   */
  readonly scans: number;
  /** Whether the decoder keeps all coefficients until the last scan (2 bytes per sample) instead of a few rows. */
  readonly keepsCoefficients: boolean;
  /** Samples per pixel in all components: 3 without chroma subsampling, 1.5 at 4:2:0, 1 if grey. */
  readonly samplesPerPixel: number;
}

/** Maximum number of scans, whatever the size: the value used by libjpeg-turbo's own tools (djpeg -maxscans 500). */
const MAX_SCANS = 500;

/**
 * Maximum number of pixels over all scans of a JPEG. Encoders write about 10 scans; a picture of 24 megapixels may have
 * 41, and one of two megapixels 500.
 */
export const MAX_SCANNED_PIXELS = 1_000_000_000;

/**
 * Rejects a JPEG with far more scans than any camera or encoder writes: an empty scan takes a dozen bytes in the file
 * and milliseconds in the decoder, which has no limit of its own.
 *
 * @throws FaceError TOO_MANY_PIXELS
 */
export function checkScans(scans: number, { width, height }: Size): void {
  const most = Math.min(MAX_SCANS, Math.floor(MAX_SCANNED_PIXELS / (width * height)));
  if (scans <= Math.max(1, most)) return;
  throw new FaceError('TOO_MANY_PIXELS', `has ${scans} scans of ${width}×${height} px; at most ${most} are accepted`);
}

/** SOS. */
export const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/** SOF0 and SOF1 are sequential, SOF2 is progressive; 9 and 10 the same with arithmetic coding. */
const SEQUENTIAL_FRAMES = new Set([0xc0, 0xc1, 0xc9]);
const PROGRESSIVE_FRAMES = new Set([0xc2, 0xca]);

/** RST0 to RST7, SOI and TEM have no segment; every other marker does. */
const hasSegment = (marker: number): boolean => !(marker >= 0xd0 && marker <= 0xd8) && marker !== 0x01;

/**
 * Counts the scans of a JPEG (ITU-T T.81, annex B) in one pass over its bytes.
 *
 * Thumbnails in APP segments do not count. Nothing is validated: invalid data is left to the decoder, and every scan it
 * might find is counted.
 */
export function readJpegScans(bytes: Uint8Array): JpegScans {
  let frame: Frame | undefined;
  let scans = 0;
  let isInterleaved = false;
  for (const { marker, at } of jpegSegments(bytes)) {
    if (isFrame(marker)) frame ??= readFrame(bytes, at);
    if (marker === START_OF_SCAN) {
      scans++;
      isInterleaved = frame?.isProgressive === false && bytes[at + 3] === frame.components;
      if (isInterleaved) break;
    }
  }
  return { scans, keepsCoefficients: !isInterleaved, samplesPerPixel: frame?.samplesPerPixel ?? 3 };
}

/**
 * The marker segments of a JPEG, up to its end.
 *
 * @returns their codes and the codes' offsets; the segment's length follows as a big-endian number of 16 bits
 */
export function* jpegSegments(bytes: Uint8Array): Generator<{ readonly marker: number; readonly at: number }> {
  for (let at = nextMarker(bytes, 2); at < bytes.length; at = nextMarker(bytes, at)) {
    const marker = bytes[at];
    if (marker === END_OF_IMAGE) return;
    if (!hasSegment(marker)) continue;
    yield { marker, at };
    at += 1 + Math.max(2, uint16(bytes, at + 1));
  }
}

const isFrame = (marker: number): boolean => SEQUENTIAL_FRAMES.has(marker) || PROGRESSIVE_FRAMES.has(marker);

interface Frame {
  readonly isProgressive: boolean;
  readonly components: number;
  readonly samplesPerPixel: number;
}

/** @param at offset of the marker's second byte */
function readFrame(bytes: Uint8Array, at: number): Frame {
  const components = bytes[at + 8] ?? 0;
  let samples = 0;
  let [horizontally, vertically] = [1, 1];
  for (let i = 0; i < components; i++) {
    const factors = bytes[at + 10 + 3 * i] ?? 0x11;
    horizontally = Math.max(horizontally, factors >> 4);
    vertically = Math.max(vertically, factors & 15);
    samples += (factors >> 4) * (factors & 15);
  }
  return {
    isProgressive: PROGRESSIVE_FRAMES.has(bytes[at]),
    components,
    samplesPerPixel: samples / (horizontally * vertically),
  };
}

/**
 * The offset of the code of the next marker from `from` on, or the end of the file. In scan data, 0xff 0x00 is a data
 * byte; a marker may be preceded by any number of 0xff.
 */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at)) {
    while (bytes[at] === 0xff) at++;
    if (at >= bytes.length || bytes[at] !== 0) return at;
    // For densely stuffed data, stepping is cheaper than searching.
    while (bytes[at + 1] === 0xff && bytes[at + 2] === 0) at += 2;
  }
  return bytes.length;
}

/** Big-endian; 0 past the end. */
export const uint16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
