import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { FaceError } from '../errors.js';
import { faceErrorCode, photographFile } from '../test-support.fixture.js';
import { decodePhotograph } from './decode.js';
import { checkScans, readJpegScans } from './jpeg-scans.js';
import type { Photograph } from './photograph.js';
import { withEmptyScans } from './variants.fixture.js';

const obama = photographFile('obama.jpg');
const progressive = await sharp(obama).jpeg({ progressive: true }).toBuffer();

const thumbnail = await sharp(obama).resize(100).jpeg({ progressive: true }).toBuffer();

/** Progressive, with another progressive JPEG in its EXIF segment. */
const withThumbnail = Buffer.concat([
  progressive.subarray(0, 2),
  Buffer.from([0xff, 0xe1, 0xff, 0xff]),
  Buffer.concat([thumbnail], 0xfffd),
  progressive.subarray(2),
]);

function refusal(scans: number, width: number, height: number): FaceError | undefined {
  try {
    checkScans(scans, { width, height });
    return undefined;
  } catch (error) {
    if (error instanceof FaceError) return error;
    throw error;
  }
}

describe('readJpegScans', () => {
  it('finds the one scan of a sequential JPEG', async () => {
    const jpeg = await sharp(obama).jpeg({ chromaSubsampling: '4:2:0' }).toBuffer();
    expect(readJpegScans(jpeg)).toEqual({ scans: 1, keepsCoefficients: false, samplesPerPixel: 1.5 });
  });

  it('counts the scans of a progressive JPEG', () => {
    const found = readJpegScans(progressive);
    expect(found).toMatchObject({ keepsCoefficients: true, samplesPerPixel: 1.5 });
    expect(found.scans).toBeGreaterThanOrEqual(5);
    expect(found.scans).toBeLessThanOrEqual(12);
    expect(readJpegScans(withEmptyScans(progressive, 1000)).scans).toBe(found.scans + 1000);
  });

  it('skips the thumbnail in an APP segment', () => {
    expect(readJpegScans(withThumbnail)).toEqual(readJpegScans(progressive));
  });

  it('ignores what follows the scan of a sequential JPEG, as the decoder does', async () => {
    const jpeg = await sharp(obama).jpeg({ progressive: false }).toBuffer();
    expect(readJpegScans(withEmptyScans(jpeg, 1000)).scans).toBe(1);
  });

  it.each([
    ['4:4:4', { chromaSubsampling: '4:4:4' }, 3],
    ['4:2:0', { chromaSubsampling: '4:2:0' }, 1.5],
  ])('counts samples at %s', async (_, options, samplesPerPixel) => {
    expect(readJpegScans(await sharp(obama).jpeg(options).toBuffer())).toMatchObject({ samplesPerPixel });
  });

  it('counts samples of a grey and of a CMYK JPEG', async () => {
    expect(readJpegScans(await sharp(obama).toColourspace('b-w').jpeg().toBuffer()).samplesPerPixel).toBe(1);
    const cmyk = await sharp(obama).toColourspace('cmyk').jpeg({ chromaSubsampling: '4:4:4' }).toBuffer();
    expect(readJpegScans(cmyk).samplesPerPixel).toBe(4);
  });

  it('terminates wherever a file is truncated, and whatever it is filled with', () => {
    for (let length = 0; length < 3000; length += 7) readJpegScans(progressive.subarray(0, length));
    for (const filling of [[0xff], [0xff, 0], [0xff, 0xda], [0xff, 0xda, 0, 0], [0xff, 0xd0]]) {
      readJpegScans(Buffer.concat([obama.subarray(0, 2), Buffer.alloc(100_000, Buffer.from(filling))]));
    }
  });
});

describe('checkScans', () => {
  it.each([
    [1, 8000, 6250],
    [20, 8000, 6250],
    [41, 6000, 4000],
    [500, 1000, 1000],
  ])('accepts %d scans of %d×%d px', (scans, width, height) => {
    expect(refusal(scans, width, height)).toBeUndefined();
  });

  it('rejects more than 500, and fewer the larger the picture', () => {
    expect(refusal(501, 100, 100)?.code).toBe('TOO_MANY_PIXELS');
    expect(refusal(21, 8000, 6250)?.reason).toBe('has 21 scans of 8000×6250 px; at most 20 are accepted');
  });
});

describe('decodePhotograph', () => {
  const decode = (bytes: Uint8Array): Promise<Photograph> =>
    decodePhotograph(bytes, { noResizeUpTo: 1.5, kernel: 'cubic', quickJpegs: false }, 50e6);

  it('rejects a JPEG with 1,000 empty scans', async () => {
    await expect(decode(withEmptyScans(progressive, 1000))).rejects.toMatchObject({
      code: 'TOO_MANY_PIXELS',
      reason: expect.stringMatching(/^has 10\d\d scans of 910×1137 px; at most 500 are accepted$/) as string,
    });
  });

  it('reads a progressive JPEG, with or without a thumbnail', async () => {
    expect(await decode(progressive)).toMatchObject({ width: 910, height: 1137 });
    expect(await faceErrorCode(decode(withThumbnail))).toBeUndefined();
  });
});
