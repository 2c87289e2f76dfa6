import { FaceError } from '../errors.js';
import type { Size } from '../geometry/box.js';

/** How the pixels of a JPEG are spread over its scans. */
export interface JpegScans {
  /**
   * How many times a decoder goes over the whole picture. 1 where the first scan has every component of a sequential
   * frame: what follows it is never read.
   */
  readonly scans: number;
  /** Whether every coefficient is kept until the last scan is read (2 bytes a sample), instead of a few rows of them. */
  readonly keepsCoefficients: boolean;
  /** Samples a pixel has in all components together: 3 without chroma subsampling, 1.5 at 4:2:0, 1 if grey. */
  readonly samplesPerPixel: number;
}

/** The most scans of any JPEG, whatever its size: what libjpeg-turbo's own tools suggest (djpeg -maxscans 500). */
const MAX_SCANS = 500;

/**
 * The most pixels that all scans of a JPEG may go over together. Encoders write about 10 scans; 24 megapixels may have
 * 41, and a picture of two megapixels the 500.
 */
export const MAX_SCANNED_PIXELS = 1_000_000_000;

/**
 * Refuses a JPEG that goes over its pixels far more often than any camera or encoder makes it: an empty scan is a
 * dozen bytes of a file and milliseconds of a decoder, which sets no limit itself.
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

/** RST0 to RST7, SOI and TEM stand alone; every other marker is followed by a segment. */
const hasSegment = (marker: number): boolean => !(marker >= 0xd0 && marker <= 0xd8) && marker !== 0x01;

/**
 * Reads how many scans a JPEG has (ITU-T T.81, annex B), in one pass over its bytes.
 *
 * Thumbnails inside APP segments do not count. Nothing is judged here: what makes no sense is left to the decoder, and
 * as many scans are counted as it could come upon.
 */
export function readJpegScans(bytes: Uint8Array): JpegScans {
  let frame: Frame | undefined;
  let scans = 0;
  let isInterleaved = false;
  for (let at = nextMarker(bytes, 2); at < bytes.length;) {
    const marker = bytes[at];
    if (marker === END_OF_IMAGE) break;
    if (hasSegment(marker)) {
      if (SEQUENTIAL_FRAMES.has(marker) || PROGRESSIVE_FRAMES.has(marker)) frame ??= readFrame(bytes, at);
      if (marker === START_OF_SCAN) {
        scans++;
        isInterleaved = frame?.isProgressive === false && bytes[at + 3] === frame.components;
        if (isInterleaved) break;
      }
      at += 1 + Math.max(2, uint16(bytes, at + 1));
    }
    at = nextMarker(bytes, at);
  }
  return { scans, keepsCoefficients: !isInterleaved, samplesPerPixel: frame?.samplesPerPixel ?? 3 };
}

interface Frame {
  readonly isProgressive: boolean;
  readonly components: number;
  readonly samplesPerPixel: number;
}

/** @param at the place of the marker's second byte */
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
 * The place of the code of the next marker from `from` on, or the end of the file. In the data of a scan 0xff 0x00 is a
 * byte of data; before a marker there may be any number of 0xff.
 */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at)) {
    while (bytes[at] === 0xff) at++;
    if (at >= bytes.length || bytes[at] !== 0) return at;
    // Densely stuffed data is walked byte by byte: a search costs more than it skips.
    while (bytes[at + 1] === 0xff && bytes[at + 2] === 0) at += 2;
  }
  return bytes.length;
}

/** Big-endian; 0 behind the end. */
const uint16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
