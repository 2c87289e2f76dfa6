import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.fixture.js';
import {
  faceErrorCode,
  largestDifference,
  MAX_PIXELS,
  meanDifference,
  photographFile,
} from '../test-support.fixture.js';
import { decodePhotograph } from './decode.js';
import type { Photograph } from './photograph.js';
import { decodeQuickly } from './quick-jpeg.js';
import { EXIF_ORIENTATIONS, withOrientation } from './variants.fixture.js';
import type { WorkingScale } from './working-size.js';

const EXACT: WorkingScale = { noResizeUpTo: 1.5, kernel: 'cubic', quickJpegs: false };

const obama = photographFile('obama.jpg');

const fast = (bytes: Uint8Array): Promise<Photograph> =>
  decodePhotograph(bytes, { ...EXACT, quickJpegs: true }, MAX_PIXELS);
const exact = (bytes: Uint8Array): Promise<Photograph> => decodePhotograph(bytes, EXACT, MAX_PIXELS);

const decodesQuickly = (bytes: Uint8Array): boolean => decodeQuickly(bytes, EXACT, MAX_PIXELS) !== undefined;

const encode = (options: JpegOptions): Promise<Buffer> => sharp(obama).jpeg(options).toBuffer();

describe('an ordinary JPEG', () => {
  it.each<[string, () => Promise<Buffer>]>([
    ['as it is', () => Promise.resolve(obama)],
    ['sequential', () => encode({ progressive: false })],
    ['progressive', () => encode({ progressive: true })],
    ['4:4:4', () => encode({ chromaSubsampling: '4:4:4' })],
    ['4:2:0', () => encode({ chromaSubsampling: '4:2:0' })],
    ['of low quality', () => encode({ quality: 30 })],
    ['optimised', () => encode({ mozjpeg: true })],
    ['grey', () => sharp(obama).toColourspace('b-w').jpeg().toBuffer()],
    ['with a profile', () => sharp(obama).withIccProfile('p3').jpeg().toBuffer()],
    ['of odd size', () => sharp(obama).resize(331, 413).jpeg().toBuffer()],
  ])('decodes quickly to almost the same pixels: %s', async (_, make) => {
    const bytes = await make();
    expect(decodesQuickly(bytes)).toBe(true);
    const [quick, reference] = [await fast(bytes), await exact(bytes)];
    expect({ ...quick, pixels: undefined }).toEqual({ ...reference, pixels: undefined });
    expect(meanDifference(quick.pixels, reference.pixels)).toBeLessThan(1.25);
    expect(largestDifference(quick.pixels, reference.pixels)).toBeLessThan(24);
  });

  it('inside a larger buffer', async () => {
    const inside = Buffer.concat([Buffer.alloc(7), obama, Buffer.alloc(9)]).subarray(7, 7 + obama.length);
    expect(largestDifference((await fast(inside)).pixels, (await fast(obama)).pixels)).toBe(0);
  });
});

describe('any other JPEG', () => {
  it.each<[string, () => Promise<Uint8Array>]>([
    ['CMYK', () => sharp(obama).toColourspace('cmyk').jpeg().toBuffer()],
    ['with a warning', () => Promise.resolve(withWrongScanHeader())],
    ...EXIF_ORIENTATIONS.filter((orientation) => orientation !== 1).map(
      (orientation): [string, () => Promise<Uint8Array>] => [
        `of EXIF orientation ${orientation}`,
        () => withOrientation(obama, orientation),
      ],
    ),
  ])('is left to the exact decoder: %s', async (_, make) => {
    const bytes = await make();
    expect(decodesQuickly(bytes)).toBe(false);
    const [quick, reference] = [await fast(bytes), await exact(bytes)];
    expect(largestDifference(quick.pixels, reference.pixels)).toBe(0);
  });

  it('is left to it if it has more scans than encoders write', async () => {
    const grey = await sharp(obama).resize(200).toColourspace('b-w').jpeg({ optimizeCoding: false }).toBuffer();
    expect(decodesQuickly(withScans(grey, 16))).toBe(true);
    const bytes = withScans(grey, 17);
    expect(decodesQuickly(bytes)).toBe(false);
    expect(largestDifference((await fast(bytes)).pixels, (await exact(bytes)).pixels)).toBe(0);
  });

  it('is left to it if it is scaled', async () => {
    const large = await sharp(obama).resize(1600).jpeg().toBuffer();
    expect(largestDifference((await fast(large)).pixels, (await exact(large)).pixels)).toBe(0);
  });
});

describe('a damaged JPEG', () => {
  it.each([30, 50, 90, 99])('is unreadable, too, if truncated to %d percent', async (percent) => {
    const cut = obama.subarray(0, Math.floor((obama.length * percent) / 100));
    expect(decodesQuickly(cut)).toBe(false);
    expect(await faceErrorCode(fast(cut))).toBe('UNREADABLE_IMAGE');
  });

  it('is unreadable, too, if its header has no height', async () => {
    const flat = Buffer.from(obama);
    flat.writeUInt16BE(0, flat.lastIndexOf(Buffer.of(0xff, 0xc0, 0, 17)) + 5);
    expect(await faceErrorCode(fast(flat))).toBe('UNREADABLE_IMAGE');
  });

  it('is never accepted if the exact decoder rejects it', async () => {
    const random = seededRandom(1);
    const small = await sharp(obama).resize(200).jpeg().toBuffer();
    const start = small.indexOf(Buffer.of(0xff, 0xda));
    let rejected = 0;
    for (let round = 0; round < 300; round++) {
      const damaged = Buffer.from(small);
      const at = start + Math.floor(random() * (small.length - start - 16));
      for (let i = 0; i < 1 + (round % 12); i++) damaged[at + i] = Math.floor(random() * 256);
      const code = await faceErrorCode(exact(damaged));
      if (code !== undefined) rejected++;
      expect(await faceErrorCode(fast(damaged)), `round ${round}`).toBe(code);
    }
    expect(rejected).toBeGreaterThan(20);
  });
});

/** The last coefficient of a sequential scan must be 63; libjpeg warns about it and decodes the picture anyway. */
function withWrongScanHeader(): Buffer {
  const bytes = Buffer.from(obama);
  bytes[bytes.lastIndexOf(Buffer.of(0xff, 0xda)) + 12] = 0;
  return bytes;
}

/** A sequential JPEG of three components, all like a grey one, with a scan for each of the first two and more for the third. */
function withScans(grey: Uint8Array, scans: number): Buffer {
  const bytes = Buffer.from(grey);
  const frame = bytes.indexOf(Buffer.of(0xff, 0xc0));
  const scan = bytes.indexOf(Buffer.of(0xff, 0xda));
  const data = bytes.subarray(scan + 10, -2);
  const components = [1, 2, 3].flatMap((id) => [id, 0x11, 0]);
  return Buffer.concat([
    bytes.subarray(0, frame),
    Buffer.of(0xff, 0xc0, 0, 17, ...bytes.subarray(frame + 4, frame + 9), 3, ...components),
    bytes.subarray(frame + 13, scan),
    ...Array.from({ length: scans }, (_, i) =>
      Buffer.concat([Buffer.of(0xff, 0xda, 0, 8, 1, Math.min(i + 1, 3), 0, 0, 63, 0), data]),
    ),
    bytes.subarray(-2),
  ]);
}
