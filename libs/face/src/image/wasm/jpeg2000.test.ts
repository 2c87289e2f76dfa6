import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { faceErrorCode, MAX_PIXELS, meanDifference, photographFile } from '../../test-support.fixture.js';
import { decodePhotograph } from '../decode.js';
import { readJpeg2000Header } from '../jpeg2000.js';
import type { Photograph } from '../photograph.js';

const jp2 = photographFile('obama2.jp2');
const j2k = photographFile('obama2.j2k');
const size = { width: 626, height: 1200 };

const decode = (bytes: Uint8Array, noResizeUpTo = 2): Promise<Photograph> =>
  decodePhotograph(bytes, { noResizeUpTo, kernel: 'lanczos3', quickJpegs: false }, MAX_PIXELS);

const jpeg = await decode(photographFile('obama2.jpg'));
/** obama2.jpg at 64×123 px, without loss. */
const small = await sharp(photographFile('obama2.jpg')).resize(64).removeAlpha().raw().toBuffer();

/** A file in test/photographs/jpeg2000, made from these pixels. */
const kind = (name: string): Buffer => photographFile(`jpeg2000/${name}.jp2`);

/** The offset of the SIZ marker segment, after its marker and length. */
const sizeAt = (bytes: Buffer): number => bytes.indexOf(Buffer.of(0xff, 0x4f, 0xff, 0x51)) + 8;

/** A file with other numbers in its SIZ marker segment. */
function claiming(words: Readonly<Record<number, number>>): Buffer {
  const bytes = Buffer.from(j2k);
  for (const [word, value] of Object.entries(words)) bytes.writeUInt32BE(value, sizeAt(bytes) + 4 * Number(word));
  return bytes;
}

describe('a JPEG 2000 picture', () => {
  it.each([
    ['in a JP2', jp2],
    ['as a bare codestream', j2k],
  ])('%s has the pixels of the JPEG it was made from', async (_, bytes) => {
    const decoded = await decode(bytes);
    expect(decoded).toMatchObject({ ...size, original: size, scaleToOriginal: 1 });
    expect(meanDifference(decoded.pixels, jpeg.pixels)).toBeLessThan(3);
  });

  it('is scaled to the working size', async () => {
    const scaled = await decode(jp2, 1);
    const reference = await decode(photographFile('obama2.jpg'), 1);
    expect(scaled).toMatchObject({ width: 534, height: 1024, original: size });
    expect(scaled.scaleToOriginal).toBeCloseTo(626 / 534, 12);
    expect(meanDifference(scaled.pixels, reference.pixels)).toBeLessThan(2);
  });

  it('far larger than the working size is decoded at half size and scaled from there', async () => {
    const large = kind('large');
    expect(readJpeg2000Header(large)).toMatchObject({ width: 4096, height: 3072, levels: 5 });
    const decoded = await decode(large, 1);
    expect(decoded).toMatchObject({
      width: 1024,
      height: 768,
      original: { width: 4096, height: 3072 },
      scaleToOriginal: 4,
    });
    const { data } = await sharp({ create: { width: 1024, height: 768, channels: 3, background: '#5a8fc8' } })
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(meanDifference(decoded.pixels, data)).toBeLessThan(2);
  });

  it.each(['rgb16', 'rgb12', 'rgba', 'rgba16', 'ycc', 'tiled', 'offset'])('of kind %s has its pixels', async (name) => {
    const { pixels, ...decoded } = await decode(kind(name));
    expect(decoded).toMatchObject({ width: 64, height: 123 });
    expect(meanDifference(pixels, small)).toBeLessThan(1);
  });

  it.each(['grey', 'grey16', 'grey-alpha'])('of kind %s is grey', async (name) => {
    const { pixels } = await decode(kind(name));
    // ITU-R BT.601, as the files were made.
    const luma = Array.from(
      { length: small.length / 3 },
      (_, i) => 0.299 * small[3 * i] + 0.587 * small[3 * i + 1] + 0.114 * small[3 * i + 2],
    );
    for (let channel = 0; channel < 3; channel++) {
      expect(
        meanDifference(
          luma.map((_, i) => pixels[3 * i + channel]),
          luma,
        ),
      ).toBeLessThan(1);
    }
  });

  it('is flattened onto white if transparent', async () => {
    const { pixels } = await decode(kind('transparent'));
    expect(new Set(pixels)).toEqual(new Set([255]));
  });

  it('is checked by its header, before any pixel is decoded', async () => {
    await expect(decode(claiming({ 0: 30_000, 1: 30_000, 4: 30_000, 5: 30_000 }))).rejects.toMatchObject({
      code: 'TOO_MANY_PIXELS',
      reason: 'is 30000×30000 px; at most 50 megapixels are accepted',
    });
    expect(await faceErrorCode(decode(claiming({ 0: 19 })))).toBe('IMAGE_TOO_SMALL');
    await expect(decode(claiming({ 4: 8, 5: 8 }))).rejects.toMatchObject({
      code: 'TOO_MANY_PIXELS',
      reason: 'has 11850 tiles; at most 4096 are accepted',
    });
  });

  it('that cannot be halved has a lower limit', async () => {
    const flat = claiming({ 0: 4000, 1: 3000, 4: 4000, 5: 3000 });
    const levels = flat.indexOf(Buffer.of(0xff, 0x52)) + 9;
    expect(flat[levels]).toBeGreaterThan(0);
    flat[levels] = 0;
    await expect(decode(flat, 1)).rejects.toMatchObject({
      code: 'TOO_MANY_PIXELS',
      reason: 'is a JPEG 2000 picture of 4000×3000 px; such files may have at most 7.1 megapixels',
    });
  });

  it.each([
    ['without a size', claiming({ 0: 0 })],
    ['without tiles', claiming({ 4: 0 })],
    ['that starts after its end', claiming({ 2: 700 })],
    ['that ends in its header', j2k.subarray(0, 20)],
    ['that is only its signature', jp2.subarray(0, 12)],
    ['without a codestream', jp2.subarray(0, 80)],
  ])('%s is unreadable', async (_, bytes) => {
    expect(await faceErrorCode(decode(bytes))).toBe('UNREADABLE_IMAGE');
  });

  it('is unreadable wherever it is truncated', async () => {
    for (const bytes of [jp2, j2k]) {
      for (const percent of [1, 30, 70, 99]) {
        const cut = bytes.subarray(0, Math.floor((bytes.length * percent) / 100));
        expect(await faceErrorCode(decode(cut)), `${percent} %`).toBe('UNREADABLE_IMAGE');
      }
    }
  });

  it.each([
    ['more than 16 bits', 0, 31],
    ['signed samples', 0, 0x87],
    ['components of several depths', 3, 11],
    ['chroma subsampled by three', 4, 3],
  ])('with %s is rejected by name', async (_, at, value) => {
    const bytes = Buffer.from(j2k);
    bytes[sizeAt(bytes) + 34 + at] = value;
    await expect(decode(bytes)).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      reason: expect.stringContaining('a JPEG 2000 picture of an unsupported kind') as string,
    });
  });

  it('terminates wherever its header is truncated', () => {
    for (let length = 4; length < 300; length++) {
      try {
        readJpeg2000Header(jp2.subarray(0, length));
      } catch (error) {
        expect(error).toMatchObject({ code: 'UNREADABLE_IMAGE' });
      }
    }
  });
});
