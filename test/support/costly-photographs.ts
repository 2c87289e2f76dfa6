import type { Sharp } from 'sharp';
import { bitmapHeader } from '../../libs/face/src/image/bitmap.fixture.js';
import { animatedWebp } from '../../libs/face/src/image/variants.fixture.js';
import { plain } from './pictures.js';
import { photograph } from './service.js';

/** An accepted file that takes about as much memory as any of its kind. */
export interface CostlyPhotograph {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The default of MAX_IMAGE_BYTES. */
const MAX_IMAGE_BYTES = 10 * 1024 * 1024;

/** The largest accepted photograph of every kind, each padded to the maximum file size. */
export async function costlyPhotographs(): Promise<CostlyPhotograph[]> {
  const photographs: CostlyPhotograph[] = [];
  const add = async (name: string, bytes: Promise<Buffer> | Buffer): Promise<void> => {
    photographs.push({ name, bytes: padBatches(await bytes) });
  };
  // Sequentially: encoding takes memory too.
  await add('JPEG', grey(8000, 6250).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer());
  await add('progressive JPEG', grey(8000, 3900).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer());
  await add('16-bit PNG', grey(8000, 6250, 4).toColourspace('rgb16').png().toBuffer());
  await add('interlaced 16-bit PNG', grey(8000, 2770, 4).toColourspace('rgb16').png({ progressive: true }).toBuffer());
  await add('lossy WebP', grey(8000, 6250, 4).webp({ effort: 0 }).toBuffer());
  await add('lossless WebP', grey(8000, 6250, 4).webp({ lossless: true, effort: 0 }).toBuffer());
  await add(
    'animated WebP',
    animatedWebp(await grey(6200, 6200).webp({ lossless: true, effort: 0 }).toBuffer(), 6200, 3),
  );
  await add('GIF', grey(8000, 5000).gif({ effort: 1 }).toBuffer());
  await add('run-length BMP', runLengthBitmap(8000, 4460));
  const avif = { effort: 0, bitdepth: 12, chromaSubsampling: '4:4:4' } as const;
  await add('12-bit AVIF', grey(3264, 2448, 4).avif(avif).toBuffer());
  await add('16-bit TIFF', grey(8000, 6250, 4).toColourspace('rgb16').tiff({ compression: 'deflate' }).toBuffer());
  const tile = { tile: true, tileWidth: 4704, tileHeight: 4704 };
  await add(
    'TIFF of one tile',
    grey(4704, 4704)
      .tiff({ compression: 'deflate', ...tile })
      .toBuffer(),
  );
  await add('HEIC', photograph('flat.heic'));
  await add('JPEG 2000', photograph('jpeg2000/flat.jp2'));
  await add('16-bit JPEG 2000', photograph('jpeg2000/flat16.jp2'));
  return photographs;
}

const grey = (width: number, height: number, channels: 3 | 4 = 3): Sharp =>
  plain(width, height, { r: 120, g: 130, b: 140, alpha: 0.5 }, channels);

/** Decoders never read past a picture's end; in an AVIF or HEIC, the padding has to be a box. */
function padBatches(bytes: Buffer): Buffer {
  const filling = Buffer.alloc(MAX_IMAGE_BYTES - bytes.length);
  if (bytes.toString('latin1', 4, 8) === 'ftyp') {
    filling.writeUInt32BE(filling.length);
    filling.write('free', 4);
  }
  return Buffer.concat([bytes, filling]);
}

/** Runs of 250 pixels of one of 256 colours. */
function runLengthBitmap(width: number, height: number): Buffer {
  const row = Buffer.concat([Buffer.alloc((2 * width) / 250, Buffer.from([250, 1])), Buffer.from([0, 0])]);
  const pixels = Buffer.concat([Buffer.alloc(row.length * height, row), Buffer.from([0, 1])]);
  const format = { bitsPerPixel: 8, compression: 1, colours: 256, pixelBytes: pixels.length } as const;
  return Buffer.concat([bitmapHeader({ width, height }, format), pixels]);
}
