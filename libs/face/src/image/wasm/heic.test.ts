import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { faceErrorCode, MAX_PIXELS, meanDifference, photographFile } from '../../test-support.fixture.js';
import { decodePhotograph } from '../decode.js';
import type { Photograph } from '../photograph.js';
import { codedPicture, heif } from './heif.fixture.js';

const heic = photographFile('obama2.heic');
const coded = codedPicture(heic);
const size = { width: 626, height: 1200 };

const decode = (bytes: Uint8Array, noResizeUpTo = 2): Promise<Photograph> =>
  decodePhotograph(bytes, { noResizeUpTo, kernel: 'lanczos3', quickJpegs: false }, MAX_PIXELS);

const jpeg = await decode(photographFile('obama2.jpg'));
const upright = await decode(heic);

/** The pixels of a HEIC, rotated and mirrored by sharp. */
const expected = (change: (image: Sharp) => Sharp): Promise<Buffer> =>
  change(sharp(upright.pixels, { raw: { ...size, channels: 3 } }))
    .raw()
    .toBuffer();

describe('a HEIC', () => {
  it('has the pixels of the JPEG it was made from', () => {
    expect(upright).toMatchObject({ ...size, original: size, scaleToOriginal: 1 });
    expect(meanDifference(upright.pixels, jpeg.pixels)).toBeLessThan(2);
  });

  it('is scaled to the working size', async () => {
    const scaled = await decode(heic, 1);
    const reference = await decode(photographFile('obama2.jpg'), 1);
    expect(scaled).toMatchObject({ width: 534, height: 1024, original: size });
    expect(scaled.scaleToOriginal).toBeCloseTo(626 / 534, 12);
    expect(meanDifference(scaled.pixels, reference.pixels)).toBeLessThan(2);
  });

  it.each([
    [1, 270],
    [2, 180],
    [3, 90],
  ])('with a rotation of %d quarter turns anticlockwise is rotated', async (turns, clockwise) => {
    const turned = await decode(heif(coded, { ...size, turns }));
    const upside = turns === 2 ? size : { width: size.height, height: size.width };
    expect(turned).toMatchObject({ ...upside, original: upside });
    expect(meanDifference(turned.pixels, await expected((image) => image.rotate(clockwise)))).toBe(0);
  });

  it('with mirroring is mirrored', async () => {
    const flipped = await decode(heif(coded, { ...size, mirror: 0 }));
    expect(meanDifference(flipped.pixels, await expected((image) => image.flip()))).toBe(0);
    const flopped = await decode(heif(coded, { ...size, mirror: 1 }));
    expect(meanDifference(flopped.pixels, await expected((image) => image.flop()))).toBe(0);
  });

  it('of tiles is assembled', async () => {
    const grid = { columns: 2, rows: 1 };
    const tiled = await decode(heif(coded, { width: 1252, height: 1200, grid }));
    expect(tiled).toMatchObject({ width: 1252, height: 1200 });
    const image = sharp(tiled.pixels, { raw: { width: 1252, height: 1200, channels: 3 } });
    for (const left of [0, 626]) {
      const tile = await image
        .clone()
        .extract({ left, top: 0, ...size })
        .raw()
        .toBuffer();
      expect(meanDifference(tile, upright.pixels)).toBeLessThan(0.5);
    }
  });

  it.each([['mif1', 'heic'], ['heix'], ['hevc', 'heic']])('may have other brands: %s', async (...brands) => {
    expect(await faceErrorCode(decode(heif(coded, { ...size, brands })))).toBeUndefined();
  });

  it('is checked by the size it claims, before any pixel is decoded', async () => {
    await expect(decode(heif(coded, { width: 30_000, height: 30_000 }))).rejects.toMatchObject({
      code: 'TOO_MANY_PIXELS',
      reason: 'is 30000×30000 px; at most 50 megapixels are accepted',
    });
    await expect(decode(heif(coded, { width: 8000, height: 6000 }))).rejects.toMatchObject({
      code: 'TOO_MANY_PIXELS',
      reason: 'is a HEIC of 8000×6000 px; such files may have at most 25 megapixels',
    });
    expect(await faceErrorCode(decode(heif(coded, { width: 19, height: 600 })))).toBe('IMAGE_TOO_SMALL');
  });

  it('whose picture is larger than it claims is unreadable', async () => {
    expect(await faceErrorCode(decode(heif(coded, { width: 300, height: 300 })))).toBe('UNREADABLE_IMAGE');
  });

  it('is unreadable wherever it is truncated', async () => {
    for (const percent of [1, 20, 50, 80, 99]) {
      const cut = heic.subarray(0, Math.floor((heic.length * percent) / 100));
      expect(await faceErrorCode(decode(cut)), `${percent} %`).toBe('UNREADABLE_IMAGE');
    }
  });

  it('with an unsupported codec is rejected by name', async () => {
    const bytes = await sharp({ create: { width: 40, height: 40, channels: 3, background: 'grey' } })
      .avif()
      .toBuffer();
    for (let at = bytes.indexOf('avif'); at >= 0; at = bytes.indexOf('avif')) bytes.write('mif1', at);
    await expect(decode(bytes)).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      reason: expect.stringContaining('a HEIF picture of an unsupported kind') as string,
    });
  });

  it('does not leak memory', async () => {
    const large = heif(coded, { width: 2504, height: 3600, grid: { columns: 4, rows: 3 } });
    await decode(large);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 6; i++) await decode(large);
    // An instance takes 60 MB for it.
    expect(process.memoryUsage().rss - before).toBeLessThan(60e6);
  });
});
