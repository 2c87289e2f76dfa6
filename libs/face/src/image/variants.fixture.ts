import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { encodeBitmap } from './bitmap.fixture.js';
import type { RgbImage } from './rgb-image.js';

/** A photograph in another format. `grey` ones have lost their colours. */
export interface Variant {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly grey: boolean;
}

const FINE_JPEG = { quality: 95, chromaSubsampling: '4:4:4' };

/** The photograph in every supported format, and the variants of each that need care. */
export async function formatVariants(photograph: Uint8Array): Promise<Variant[]> {
  const image = (): Sharp => sharp(photograph);
  const { data, info } = await image().raw().toBuffer({ resolveWithObject: true });
  const pixels: RgbImage = { width: info.width, height: info.height, pixels: data };
  const variant = async (name: string, output: Sharp, grey = false): Promise<Variant> => ({
    name,
    bytes: await output.toBuffer(),
    grey,
  });
  const encoded = await Promise.all([
    variant('baseline JPEG', image().jpeg({ ...FINE_JPEG, progressive: false })),
    variant('progressive JPEG', image().jpeg({ ...FINE_JPEG, progressive: true })),
    variant('grey JPEG', image().grayscale().jpeg(FINE_JPEG), true),
    variant('CMYK JPEG', image().withIccProfile('cmyk').jpeg(FINE_JPEG)),
    variant('CMYK JPEG without profile', image().toColourspace('cmyk').jpeg(FINE_JPEG)),
    variant('PNG', image().png({ compressionLevel: 1 })),
    variant('PNG with alpha', image().ensureAlpha().png({ compressionLevel: 1 })),
    variant('palette PNG', image().png({ palette: true, effort: 1 })),
    variant('grey PNG', image().grayscale().png({ compressionLevel: 1 }), true),
    variant('16-bit PNG', image().toColourspace('rgb16').png({ compressionLevel: 1 })),
    variant('lossy WebP', image().webp({ quality: 90 })),
    variant('lossless WebP', image().webp({ lossless: true, effort: 0 })),
    variant('GIF', image().gif({ effort: 1 })),
    variant('AVIF', image().avif({ quality: 80, effort: 1 })),
    variant('TIFF', image().tiff({ compression: 'none' })),
    variant('LZW TIFF', image().tiff({ compression: 'lzw', predictor: 'horizontal' })),
    variant('tiled TIFF', image().tiff({ compression: 'deflate', tile: true, tileWidth: 128, tileHeight: 128 })),
    variant('JPEG TIFF', image().tiff({ compression: 'jpeg', quality: 95 })),
    variant('16-bit TIFF', image().toColourspace('rgb16').tiff({ compression: 'deflate' })),
    variant('TIFF with alpha', image().ensureAlpha().tiff({ compression: 'packbits' })),
    variant('grey TIFF', image().grayscale().tiff({ compression: 'deflate' }), true),
    variant('CMYK TIFF', image().toColourspace('cmyk').tiff({ compression: 'lzw' })),
  ]);
  return [
    ...encoded,
    { name: 'bottom-up BMP', bytes: encodeBitmap(pixels, 'bottom-up'), grey: false },
    { name: 'top-down BMP', bytes: encodeBitmap(pixels, 'top-down'), grey: false },
  ];
}

export const EXIF_ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

export type ExifOrientation = (typeof EXIF_ORIENTATIONS)[number];

/** A JPEG or TIFF whose pixels are rotated and mirrored so that its EXIF orientation makes them upright again. */
export async function withOrientation(
  photograph: Uint8Array,
  orientation: ExifOrientation,
  format: 'jpeg' | 'tiff' = 'jpeg',
): Promise<Uint8Array> {
  const turned = await (await layDown(photograph, orientation)).png({ compressionLevel: 1 }).toBuffer();
  const image = sharp(turned).withMetadata({ orientation });
  return (format === 'jpeg' ? image.jpeg(FINE_JPEG) : image.tiff({ compression: 'lzw' })).toBuffer();
}

/** The inverse of the transformation that each orientation requires of a viewer. */
async function layDown(photograph: Uint8Array, orientation: ExifOrientation): Promise<Sharp> {
  const quarterTurned = async (): Promise<Sharp> => {
    return sharp(await sharp(photograph).rotate(90).png({ compressionLevel: 1 }).toBuffer());
  };
  switch (orientation) {
    case 1:
      return sharp(photograph);
    case 2:
      return sharp(photograph).flop();
    case 3:
      return sharp(photograph).rotate(180);
    case 4:
      return sharp(photograph).flip();
    case 5:
      return (await quarterTurned()).flop();
    case 6:
      return sharp(photograph).rotate(270);
    case 7:
      return (await quarterTurned()).flip();
    case 8:
      return quarterTurned();
  }
}

/** A PNG whose header claims a different size. */
export function claimPngSize(png: Uint8Array, width: number, height: number): Uint8Array {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

/** A chunk of a PNG, with its checksum. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)]);
  chunk.writeUInt32BE(data.length);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return chunk;
}

/** A JPEG with additional scans that change no coefficient: truncated refinements of one component. */
export function withEmptyScans(jpeg: Uint8Array, scans: number): Buffer {
  const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, 0x10]);
  const end = jpeg.length - 2;
  return Buffer.concat([jpeg.subarray(0, end), ...Array<Buffer>(scans).fill(scan), jpeg.subarray(end)]);
}

/** An animated WebP that repeats a square still one. */
export function animatedWebp(still: Uint8Array, side: number, frames: number): Buffer {
  const chunk = (name: string, ...parts: Uint8Array[]): Buffer => {
    const data = Buffer.concat(parts);
    const head = Buffer.from(`${name}    `, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data, Buffer.alloc(data.length & 1)]);
  };
  const canvas = Buffer.from([0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const place = Buffer.alloc(16);
  for (const [bytes, at] of [
    [canvas, 4],
    [place, 6],
  ] as const) {
    bytes.writeUIntLE(side - 1, at, 3);
    bytes.writeUIntLE(side - 1, at + 3, 3);
  }
  const frame = chunk('ANMF', place, still.subarray(12));
  return chunk(
    'RIFF',
    Buffer.from('WEBP'),
    chunk('VP8X', canvas),
    chunk('ANIM', Buffer.alloc(6)),
    ...Array<Buffer>(frames).fill(frame),
  );
}

/**
 * A little-endian TIFF of one page: an eight-byte header, the strips' data, then the tags.
 *
 * @param tags one number per tag
 */
export function tiff(tags: Readonly<Record<number, number>>, strips: Uint8Array): Buffer {
  const header = Buffer.from('II*\0\0\0\0\0', 'latin1');
  header.writeUInt32LE(8 + strips.length, 4);
  const entries = Object.entries(tags);
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  directory.writeUInt16LE(entries.length, 0);
  for (const [i, [tag, value]] of entries.entries()) {
    const at = 2 + 12 * i;
    directory.writeUInt16LE(Number(tag), at);
    directory.writeUInt16LE(4, at + 2);
    directory.writeUInt32LE(1, at + 4);
    directory.writeUInt32LE(value, at + 8);
  }
  return Buffer.concat([header, strips, directory]);
}
