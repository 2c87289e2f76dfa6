import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { faceErrorCode, photographFile } from '../test-support.fixture.js';
import { readImageHeader } from './header.js';
import { detectImageFormat, type NativeFormat } from './image-format.js';
import { EXIF_ORIENTATIONS, formatVariants, withOrientation } from './variants.fixture.js';

function formatOf(bytes: Uint8Array): NativeFormat {
  const format = detectImageFormat(bytes);
  if (format === null || format === 'heic' || format === 'jp2')
    throw new Error('expected an image that native libraries decode');
  return format;
}

const small = await sharp(photographFile('obama.jpg')).resize(91, 114).png().toBuffer();

const variants = await formatVariants(small);

/** A BMP header and a few more bytes. */
function bitmapHeader(headerLength: number, write: (bytes: Buffer) => void): Uint8Array {
  const bytes = Buffer.alloc(14 + headerLength + 20);
  bytes.write('BM', 'latin1');
  bytes.writeUInt32LE(headerLength, 14);
  write(bytes);
  return bytes;
}

const infoHeader = (width: number, height: number): Uint8Array =>
  bitmapHeader(40, (bytes) => {
    bytes.writeInt32LE(width, 18);
    bytes.writeInt32LE(height, 22);
  });

describe('readImageHeader', () => {
  it.each(variants)('reads a $name', async ({ name, bytes }) => {
    const header = await readImageHeader(bytes, formatOf(bytes));
    expect(header).toMatchObject({ format: formatOf(bytes), width: 91, height: 114 });
    expect(header.isCmyk).toBe(name.startsWith('CMYK'));
    expect(header.hasAlpha).toBe(name.endsWith('with alpha'));
  });

  it.each(EXIF_ORIENTATIONS)('returns the upright size for EXIF orientation %d', async (orientation) => {
    const bytes = await withOrientation(small, orientation);
    const stored = await sharp(bytes).metadata();
    expect(stored.orientation).toBe(orientation);
    expect(stored.width).toBe(orientation >= 5 ? 114 : 91);
    expect(await readImageHeader(bytes, 'jpeg')).toMatchObject({ width: 91, height: 114 });
  });

  it('reads the 16-bit sizes of a BMP core header', async () => {
    const bytes = bitmapHeader(12, (core) => {
      core.writeUInt16LE(40_000, 18);
      core.writeUInt16LE(300, 20);
    });
    expect(await readImageHeader(bytes, 'bmp')).toMatchObject({ width: 40_000, height: 300 });
  });

  it('reads the negative height of a top-down BMP', async () => {
    expect(await readImageHeader(infoHeader(640, -480), 'bmp')).toMatchObject({ width: 640, height: 480 });
  });

  it('reads from the start of a view, not of its buffer', async () => {
    const bytes = Buffer.concat([Buffer.alloc(5), infoHeader(640, 480)]).subarray(5);
    expect(await readImageHeader(bytes, 'bmp')).toMatchObject({ width: 640, height: 480 });
  });

  it.each<[string, NativeFormat, Uint8Array]>([
    ['a BMP that ends in its header', 'bmp', infoHeader(640, 480).subarray(0, 33)],
    ['a BMP without width', 'bmp', infoHeader(0, 480)],
    ['a BMP without height', 'bmp', infoHeader(640, 0)],
    ['a BMP with a negative width', 'bmp', infoHeader(-640, 480)],
    ['a PNG that is only its magic number', 'png', small.subarray(0, 8)],
    ['a PNG that ends in its header', 'png', small.subarray(0, 20)],
    ['a JPEG that is only its magic number', 'jpeg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ['a GIF that is only its magic number', 'gif', Buffer.from('GIF89a')],
    ['a WebP that is only its magic number', 'webp', Buffer.from('RIFF\x10\x00\x00\x00WEBP', 'latin1')],
    ['a TIFF that is only its byte order', 'tiff', Buffer.from('II*\0', 'latin1')],
    ['a TIFF without its tags', 'tiff', Buffer.from('II*\0\x08\0\0\0', 'latin1')],
    ['an AVIF that is only its brand', 'avif', Buffer.from('\x00\x00\x00\x10ftypavif\x00\x00\x00\x00', 'latin1')],
  ])('rejects %s as unreadable', async (_, format, bytes) => {
    expect(await faceErrorCode(readImageHeader(bytes, format))).toBe('UNREADABLE_IMAGE');
  });
});
