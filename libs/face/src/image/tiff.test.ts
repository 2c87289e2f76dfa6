import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { faceErrorCode, photographFile } from '../test-support.fixture.js';
import { decodePhotograph } from './decode.js';
import type { Photograph } from './photograph.js';
import { readTiffLayout } from './tiff.js';
import { tiff, withEmptyScans } from './variants.fixture.js';

const obama = photographFile('obama.jpg');
const small = sharp(await sharp(obama).resize(100, 80, { fit: 'fill' }).png().toBuffer());

const decode = (bytes: Uint8Array): Promise<Photograph> =>
  decodePhotograph(bytes, { noResizeUpTo: 1.5, kernel: 'cubic', quickJpegs: false }, 50e6);

/** The tags of a grey picture of 20×20 px, its pixels after the header. */
const GREY = { 256: 20, 257: 20, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 20, 279: 400 };

describe('readTiffLayout', () => {
  it('holds nothing if rows can be decompressed one by one', async () => {
    const strips = await small.clone().tiff({ compression: 'deflate' }).toBuffer();
    expect(readTiffLayout(strips)).toEqual({ bytesPerPixel: 3, heldBytes: 0, minBytes: 0 });
  });

  it('holds a row of tiles, and a strip that is one JPEG', async () => {
    const tiles = await small
      .clone()
      .tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 32 })
      .toBuffer();
    expect(readTiffLayout(tiles)).toMatchObject({ bytesPerPixel: 3, heldBytes: 32 * 100 * 3 });
    const jpegs = tiff({ ...GREY, 259: 7, 277: 3 }, Buffer.alloc(400));
    expect(readTiffLayout(jpegs)).toMatchObject({ bytesPerPixel: 3, heldBytes: 20 * 20 * 3 });
  });

  it('counts the bits of every sample', async () => {
    const deep = await small.clone().ensureAlpha().toColourspace('rgb16').tiff({ compression: 'none' }).toBuffer();
    expect(readTiffLayout(deep)).toMatchObject({ bytesPerPixel: 8, minBytes: 8 * 100 * 80 });
  });

  it('terminates wherever a file is truncated, and whatever its directories point to', async () => {
    const file = await small.clone().tiff({ compression: 'jpeg' }).toBuffer();
    const tags = file.length - 400;
    for (let length = 4; length < file.length; length += length < tags ? 97 : 1) {
      await faceErrorCode(Promise.resolve().then(() => readTiffLayout(file.subarray(0, length))));
    }
    const circle = Buffer.from(tiff(GREY, Buffer.alloc(400)));
    circle.writeUInt32LE(circle.readUInt32LE(4), circle.length - 4);
    expect(() => readTiffLayout(circle)).toThrow('more than 1000 pages');
  });
});

describe('a TIFF', () => {
  it('is read as its first page', async () => {
    const [first, second] = await Promise.all(
      ['red', 'blue'].map((background) =>
        sharp({ create: { width: 40, height: 30, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const pages = await sharp([first, second], { join: { animated: true } })
      .tiff({ compression: 'lzw' })
      .toBuffer();
    expect((await sharp(pages).metadata()).pages).toBe(2);
    const { width, height, pixels } = await decode(pages);
    expect([width, height, ...pixels.subarray(0, 3)]).toEqual([40, 30, 255, 0, 0]);
  });

  it('may be a BigTIFF in either byte order', async () => {
    const big = await small.clone().tiff({ bigtiff: true, compression: 'none' }).toBuffer();
    expect(big.readUInt16LE(2)).toBe(43);
    const { width, height, pixels } = await decode(big);
    expect([width, height]).toEqual([100, 80]);
    expect(pixels).toEqual(await small.clone().raw().toBuffer());
  });

  it('may be bilevel, with zero as white', async () => {
    const white = tiff({ ...GREY, 258: 1, 262: 0, 279: 60 }, Buffer.alloc(60));
    expect(new Set((await decode(white)).pixels)).toEqual(new Set([255]));
  });

  it('that is a Canon raw file is rejected by name', async () => {
    await expect(decode(tiff({ ...GREY, 273: 10 }, Buffer.from(`CR${'x'.repeat(400)}`)))).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      reason: expect.stringContaining('a camera raw file') as string,
    });
  });

  it.each([
    ['a DNG', { ...GREY, 50706: 1 }],
    ['a preview with the picture in a subdirectory', { ...GREY, 254: 1, 330: 8 }],
    ['sensor data', { ...GREY, 262: 32_803 }],
  ])('that is a camera raw file is rejected by name: %s', async (_, tags) => {
    await expect(decode(tiff(tags, Buffer.alloc(400)))).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      reason: expect.stringContaining('a camera raw file') as string,
    });
  });

  it('with old-style JPEG is rejected by name', async () => {
    await expect(decode(tiff({ ...GREY, 259: 6 }, Buffer.alloc(400)))).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      reason: expect.stringContaining('old-style JPEG') as string,
    });
  });

  it('containing a JPEG with too many scans is rejected before decoding', async () => {
    const progressive = await sharp(obama).resize(1000, 1000).jpeg({ progressive: true }).toBuffer();
    const bomb = withEmptyScans(progressive, 1500);
    const tags = { ...GREY, 256: 1000, 257: 1000, 258: 8, 259: 7, 262: 6, 277: 3, 278: 1000, 279: bomb.length };
    await expect(decode(tiff(tags, bomb))).rejects.toMatchObject({
      code: 'TOO_MANY_PIXELS',
      reason: expect.stringMatching(/^has 15\d\d JPEG scans; at most 1000 are accepted$/) as string,
    });
  });

  it.each([
    ['none', { ...GREY, 256: 100, 257: 100, 278: 100 }],
    ['none, in a tile', { ...GREY, 256: 32, 257: 32, 322: 32, 323: 32, 324: 8, 325: 400 }],
    ['LZW', { ...GREY, 256: 100, 257: 100, 278: 100, 259: 5 }],
    ['LZW, in a tile', { ...GREY, 256: 32, 257: 32, 259: 5, 322: 32, 323: 32, 324: 8, 325: 400 }],
    ['Deflate', { ...GREY, 259: 8 }],
    ['PackBits', { ...GREY, 256: 100, 257: 100, 278: 100, 259: 32_773 }],
    ['JPEG', { ...GREY, 259: 7 }],
  ])('with missing pixels is unreadable; compression: %s', async (_, tags) => {
    expect(await faceErrorCode(decode(tiff(tags, Buffer.alloc(400, 9))))).toBe('UNREADABLE_IMAGE');
  });

  it.each([
    ['LZMA', { ...GREY, 259: 34_925 }],
    ['Zstandard', { ...GREY, 259: 50_000 }],
    ['an unassigned number', { ...GREY, 259: 12_345 }],
    ['CIELAB', { ...GREY, 262: 8 }],
  ])('of an unsupported kind is rejected by name: %s', async (_, tags) => {
    await expect(decode(tiff(tags, Buffer.alloc(400, 9)))).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      reason: expect.stringContaining('compression or colour space') as string,
    });
  });

  it('without strip lengths is read', async () => {
    const { pixels } = await decode(tiff({ ...GREY, 279: 0 }, Buffer.alloc(400, 9)));
    expect(new Set(pixels)).toEqual(new Set([9]));
  });

  it('is checked by the size in its tags, before any pixel is read', async () => {
    const bomb = tiff({ ...GREY, 256: 20_000, 257: 20_000 }, Buffer.alloc(400));
    expect(await faceErrorCode(decode(bomb))).toBe('TOO_MANY_PIXELS');
    const tile = tiff(
      { ...GREY, 256: 8000, 257: 6000, 258: 16, 322: 8000, 323: 6000, 324: 8, 325: 400 },
      Buffer.alloc(400),
    );
    await expect(decode(tile)).rejects.toMatchObject({
      code: 'TOO_MANY_PIXELS',
      reason: expect.stringContaining('is a TIFF of 8000×6000 px; such files may have at most') as string,
    });
  });
});
