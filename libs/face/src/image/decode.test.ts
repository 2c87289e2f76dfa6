import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { FaceError } from '../errors.js';
import {
  faceErrorCode,
  largestDifference,
  MAX_PIXELS,
  meanDifference,
  photographFile,
  randomImage,
} from '../test-support.fixture.js';
import { encodeBitmap, paletteBitmap } from './bitmap.fixture.js';
import { decodePhotograph } from './decode.js';
import type { Photograph } from './photograph.js';
import { claimPngSize, EXIF_ORIENTATIONS, formatVariants, withOrientation } from './variants.fixture.js';
import type { WorkingScale } from './working-size.js';

const AS_IT_IS: WorkingScale = { noResizeUpTo: 1.5, kernel: 'cubic', quickJpegs: false };
const TO_WORKING_SIZE: WorkingScale = { noResizeUpTo: 1, kernel: 'lanczos3', quickJpegs: false };

const decode = (bytes: Uint8Array, scale = AS_IT_IS): Promise<Photograph> => decodePhotograph(bytes, scale, MAX_PIXELS);

const obama = photographFile('obama.jpg');
const original = await decode(obama);
const variants = await formatVariants(obama);

/** The luma of each pixel, 0 to 255 (ITU-R BT.601). */
function luma({ pixels }: Photograph): Float32Array {
  const values = new Float32Array(pixels.length / 3);
  for (let i = 0; i < values.length; i++) {
    values[i] = 0.299 * pixels[3 * i] + 0.587 * pixels[3 * i + 1] + 0.114 * pixels[3 * i + 2];
  }
  return values;
}

/**
 * Maximum mean difference of pixels (0 to 255) from the original. 0 if lossless; 256 colours and the gamut of CMYK lose
 * more than the lossy encoders.
 */
const LARGEST_DIFFERENCE: Readonly<Record<string, number>> = {
  'baseline JPEG': 0.6,
  'progressive JPEG': 0.6,
  'grey JPEG': 2,
  'CMYK JPEG': 8,
  'CMYK JPEG without profile': 16,
  PNG: 0,
  'PNG with alpha': 0,
  'palette PNG': 4,
  'grey PNG': 2,
  '16-bit PNG': 0,
  'lossy WebP': 2.5,
  'lossless WebP': 0,
  GIF: 4,
  AVIF: 2.5,
  TIFF: 0,
  'LZW TIFF': 0,
  'tiled TIFF': 0,
  'JPEG TIFF': 2.5,
  '16-bit TIFF': 0,
  'TIFF with alpha': 0,
  'grey TIFF': 2,
  'CMYK TIFF': 16,
  'bottom-up BMP': 0,
  'top-down BMP': 0,
};

describe('a photograph in another format', () => {
  it.each(variants)('$name has the pixels of the original', async ({ name, bytes, grey }) => {
    const decoded = await decode(bytes);
    expect(decoded).toMatchObject({
      width: 910,
      height: 1137,
      original: { width: 910, height: 1137 },
      scaleToOriginal: 1,
    });
    const difference = grey
      ? meanDifference(luma(decoded), luma(original))
      : meanDifference(decoded.pixels, original.pixels);
    expect(difference).toBeLessThanOrEqual(LARGEST_DIFFERENCE[name]);
  });

  it.each(variants)('$name is scaled to the working size', async ({ name, bytes, grey }) => {
    const reference = await decode(obama, TO_WORKING_SIZE);
    const decoded = await decode(bytes, TO_WORKING_SIZE);
    expect(decoded).toMatchObject({ width: 820, height: 1024, original: { width: 910, height: 1137 } });
    expect(decoded.scaleToOriginal).toBeCloseTo(910 / 820, 12);
    const difference = grey
      ? meanDifference(luma(decoded), luma(reference))
      : meanDifference(decoded.pixels, reference.pixels);
    // Skia scales BMPs with another kernel.
    expect(difference).toBeLessThanOrEqual(LARGEST_DIFFERENCE[name] + 1.5);
  });

  it('renders transparent PNG pixels on white', async () => {
    const pixels = Buffer.alloc(32 * 32 * 4);
    const transparent = await sharp(pixels, { raw: { width: 32, height: 32, channels: 4 } })
      .png()
      .toBuffer();
    expect(new Set((await decode(transparent)).pixels)).toEqual(new Set([255]));
  });

  it('ignores RGB profiles, as the reference stack does', async () => {
    const displayP3 = await sharp(obama).resize(91, 114).withIccProfile('p3').png().toBuffer();
    const stored = await sharp(displayP3, { ignoreIcc: true }).raw().toBuffer();
    const converted = await sharp(displayP3).toColourspace('srgb').raw().toBuffer();
    const { pixels } = await decode(displayP3);
    expect(meanDifference(pixels, stored)).toBe(0);
    expect(meanDifference(pixels, converted)).toBeGreaterThan(1);
  });

  it('reads the first frame of an animation', async () => {
    const [first, second] = await Promise.all(
      [randomImage(40, 40, 1), randomImage(40, 40, 2)].map(({ pixels }) =>
        sharp(pixels, { raw: { width: 40, height: 40, channels: 3 } })
          .png()
          .toBuffer(),
      ),
    );
    const animation = await sharp([first, second], { join: { animated: true } })
      .webp({ lossless: true, loop: 0, delay: [100, 100] })
      .toBuffer();
    expect((await sharp(animation).metadata()).pages).toBe(2);
    expect((await decode(animation)).pixels).toEqual((await decode(first)).pixels);
  });

  it('reads an image inside a larger buffer', async () => {
    const png = await sharp(obama).resize(91, 114).png().toBuffer();
    const inside = Buffer.concat([Buffer.alloc(7), png, Buffer.alloc(9)]).subarray(7, 7 + png.length);
    expect((await decode(inside)).pixels).toEqual((await decode(png)).pixels);
  });
});

it('reads a JPEG with an invalid scan header, as some phones write it', async () => {
  // The last coefficient of a sequential scan must be 63; libjpeg warns about it and decodes the picture anyway.
  const jpeg = await sharp(obama).jpeg({ progressive: false }).toBuffer();
  const wrong = Buffer.from(jpeg);
  const startOfScan = wrong.lastIndexOf(Buffer.of(0xff, 0xda));
  expect(wrong[startOfScan + 12]).toBe(63);
  wrong[startOfScan + 12] = 0;
  expect(largestDifference((await decode(wrong)).pixels, (await decode(jpeg)).pixels)).toBe(0);
});

it('never attributes one photograph’s damage to another decoded at the same time', async () => {
  const damaged = Buffer.from(obama);
  damaged.fill(0, 100_000, 150_000);
  for (let round = 0; round < 12; round++) {
    const outcomes = await Promise.all([damaged, obama, damaged, obama].map((bytes) => faceErrorCode(decode(bytes))));
    expect(outcomes).toEqual(['UNREADABLE_IMAGE', undefined, 'UNREADABLE_IMAGE', undefined]);
  }
});

it('reads a JPEG with bytes after its end', async () => {
  const longer = Buffer.concat([obama, Buffer.alloc(5000, 'x')]);
  expect(largestDifference((await decode(longer)).pixels, original.pixels)).toBe(0);
});

describe('EXIF orientation', () => {
  it.each(EXIF_ORIENTATIONS)('%d is applied', async (orientation) => {
    const decoded = await decode(await withOrientation(obama, orientation));
    expect(decoded).toMatchObject({ width: 910, height: 1137, original: { width: 910, height: 1137 } });
    expect(meanDifference(decoded.pixels, original.pixels)).toBeLessThan(1.5);
  });

  it.each(EXIF_ORIENTATIONS)('%d is applied when the photograph is scaled', async (orientation) => {
    const reference = await decode(obama, TO_WORKING_SIZE);
    const decoded = await decode(await withOrientation(obama, orientation), TO_WORKING_SIZE);
    expect(decoded).toMatchObject({ width: 820, height: 1024, original: { width: 910, height: 1137 } });
    expect(meanDifference(decoded.pixels, reference.pixels)).toBeLessThan(1.5);
  });
});

it.each(EXIF_ORIENTATIONS)('orientation %d of a TIFF is applied', async (orientation) => {
  const decoded = await decode(await withOrientation(obama, orientation, 'tiff'));
  expect(decoded).toMatchObject({ width: 910, height: 1137, original: { width: 910, height: 1137 } });
  expect(largestDifference(decoded.pixels, original.pixels)).toBe(0);
});

describe('a truncated file', () => {
  const parts = variants.flatMap(({ name, bytes }) => [30, 70, 99].map((percent) => ({ name, bytes, percent })));

  it.each(parts)('is unreadable: $percent % of a $name', async ({ bytes, percent }) => {
    const cut = bytes.subarray(0, Math.floor((bytes.length * percent) / 100));
    expect(await faceErrorCode(decode(cut))).toBe('UNREADABLE_IMAGE');
  });

  it('is reported without quoting the file or the library', async () => {
    const refusal = decode(obama.subarray(0, 100_000));
    await expect(refusal).rejects.toEqual(new FaceError('UNREADABLE_IMAGE', 'is truncated or damaged (JPEG)'));
  });
});

describe('a BMP with an OS/2 header', () => {
  const colours = [...Array(8).keys()].map((i) => [i & 4 ? 200 : 40, i & 2 ? 210 : 50, i & 1 ? 220 : 60] as const);

  it.each([12, 16, 24, 40, 42, 46, 48, 64])('of %d bytes is read with its palette', async (headerBytes) => {
    const indices = Buffer.from(Array.from({ length: 32 * 24 }, (_, i) => i % 7));
    const { width, height, pixels } = await decode(
      paletteBitmap({ width: 32, height: 24 }, headerBytes, indices, colours),
    );
    expect([width, height]).toEqual([32, 24]);
    expect(Array.from(pixels)).toEqual([...indices].flatMap((index) => colours[index]));
  });

  it.each([
    ['Huffman codes', 64, 3],
    ['24-bit run-length encoding', 64, 4],
    ['a JPEG inside', 40, 4],
    ['a PNG inside', 124, 5],
  ])('is rejected by name if its compression is not supported: %s', async (_, headerBytes, compression) => {
    const bitmap = paletteBitmap({ width: 32, height: 24 }, headerBytes, Buffer.alloc(32 * 24), colours);
    bitmap.writeUInt32LE(compression, 30);
    await expect(decode(bitmap)).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      reason: expect.stringContaining('a BMP with an unsupported compression') as string,
    });
  });
});

describe('a file that is no photograph', () => {
  it.each([
    ['text', 'Two photographs in, a verdict out.'],
    [
      'an SVG',
      '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="100" height="100"/></svg>',
    ],
    ['an SVG after an XML declaration', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a PDF', '%PDF-1.7\n%%EOF'],
    ['a zip', 'PK\x03\x04\x14\x00'],
    ['a data URL', 'data:image/png;base64,iVBORw0KGgo='],
    ['nothing', ''],
  ])('has no supported format: %s', async (_, text) => {
    expect(await faceErrorCode(decode(Buffer.from(text, 'latin1')))).toBe('UNSUPPORTED_FORMAT');
  });

  it('is rejected by name if it is recognised', async () => {
    await expect(decode(Buffer.from('%PDF-1.7'))).rejects.toThrow('is a PDF; send the picture in it as a JPEG or PNG');
    await expect(decode(Buffer.from('text'))).rejects.toThrow(
      'is not a JPEG, PNG, WebP, GIF, BMP, AVIF, TIFF, HEIC or JPEG 2000 picture',
    );
  });

  it('is unreadable after the magic number of a PNG', async () => {
    const svg = Buffer.from('\x89PNG\r\n\x1a\n<svg xmlns="http://www.w3.org/2000/svg"/>', 'latin1');
    expect(await faceErrorCode(decode(svg))).toBe('UNREADABLE_IMAGE');
  });
});

describe('size', () => {
  const png = (width: number, height: number): Promise<Buffer> =>
    sharp(randomImage(width, height, 1).pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();

  it.each([
    [19, 40],
    [40, 19],
  ])('%d×%d is too small', async (width, height) => {
    expect(await faceErrorCode(decode(await png(width, height)))).toBe('IMAGE_TOO_SMALL');
  });

  it('20×20 is enough', async () => {
    expect(await decode(await png(20, 20))).toMatchObject({ width: 20, height: 20 });
  });

  it('is checked in the header of a PNG that claims 20000×20000, before any pixel is read', async () => {
    // There are only 64×64 pixels: decoding it would fail with UNREADABLE_IMAGE.
    const bomb = claimPngSize(await png(64, 64), 20_000, 20_000);
    expect(await faceErrorCode(decode(bomb))).toBe('TOO_MANY_PIXELS');
    expect(await faceErrorCode(decode(claimPngSize(bomb, 70, 70)))).toBe('UNREADABLE_IMAGE');
  });

  it('is checked in the header of a BMP too', async () => {
    const bomb = Buffer.from(encodeBitmap(randomImage(64, 64, 1), 'bottom-up'));
    bomb.writeInt32LE(20_000, 18);
    bomb.writeInt32LE(-20_000, 22);
    expect(await faceErrorCode(decode(bomb))).toBe('TOO_MANY_PIXELS');
  });

  it('may reach the limit, but not exceed it by one row', async () => {
    expect(await decodePhotograph(await png(40, 30), AS_IT_IS, 1200)).toMatchObject({ width: 40, height: 30 });
    expect(await faceErrorCode(decodePhotograph(await png(40, 31), AS_IT_IS, 1200))).toBe('TOO_MANY_PIXELS');
  });
});
