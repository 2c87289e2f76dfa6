import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { isTurnedWebp } from '../src/webp.js';

const picture = (orientation?: number): Sharp =>
  sharp({ create: { width: 30, height: 20, channels: 3, background: 'red' } }).withMetadata(
    orientation === undefined ? {} : { orientation },
  );

describe('isTurnedWebp', () => {
  it.each([
    [undefined, false],
    [1, false],
    [2, true],
    [3, true],
    [6, true],
    [8, true],
  ])('of a WebP with the orientation %s is %s', async (orientation, turned) => {
    expect(await isTurnedWebp(new Blob([await picture(orientation).webp().toBuffer()]))).toBe(turned);
  });

  it('is false of other files, which browsers turn, and of those without an end', async () => {
    const webp = await picture(3).webp().toBuffer();
    const exif = webp.indexOf('EXIF');
    expect(await isTurnedWebp(new Blob([await picture(3).jpeg().toBuffer()]))).toBe(false);
    for (const length of [0, 8, 11, 12, 19, exif + 8, exif + 20]) {
      expect(await isTurnedWebp(new Blob([webp.subarray(0, length)]))).toBe(false);
    }
  });

  it('is false where the EXIF block points beyond its end', async () => {
    const webp = await picture(3).webp().toBuffer();
    const exif = webp.indexOf('EXIF') + 8;
    const start = exif + (webp.toString('latin1', exif, exif + 4) === 'Exif' ? 6 : 0);
    webp.fill(0x7f, start + 4, start + 8);
    expect(await isTurnedWebp(new Blob([webp]))).toBe(false);
  });
});
