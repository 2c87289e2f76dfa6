import sharp, { type Sharp } from 'sharp';
import { encodeBitmap } from '../../libs/face/src/image/bitmap.fixture.js';
import { codedPicture, heif } from '../../libs/face/src/image/wasm/heif.fixture.js';
import { photograph } from '../../test/support/service.js';
import { crowd } from '../soak-pictures.js';
import { type Format, join, split } from './containers.js';
import { mutateBytes } from './mutate-bytes.js';
import type { Random } from './random.js';

/** A valid, small photograph of a face. */
export interface Source {
  readonly format: Format;
  readonly bytes: Buffer;
}

/** Head and shoulders in obama.jpg, in pixels. */
const HEAD = { left: 300, top: 30, width: 400, height: 460 };

/** Size of head.heic. */
const HEIC_SIZE = { width: 160, height: 184 };
const TWO_TILES = { columns: 2, rows: 1 };

/** Encodes a face in every format, and in the variants that take different code paths. */
export async function soundPhotographs(): Promise<Source[]> {
  const head = await sharp(photograph('obama.jpg')).extract(HEAD).png().toBuffer();
  const face = (width: number): Sharp => sharp(head).resize(width);
  const large = face(160);
  const small = face(96);
  const animated = sharp(await Promise.all([64, 64, 64].map((width) => face(width).png().toBuffer())), {
    join: { animated: true },
  });
  const written: [Format, Promise<Buffer> | Buffer][] = [
    ['jpeg', large.clone().jpeg().toBuffer()],
    ['jpeg', small.clone().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer()],
    ['jpeg', small.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    ['jpeg', small.clone().toColourspace('cmyk').jpeg().toBuffer()],
    ['jpeg', small.clone().greyscale().jpeg().toBuffer()],
    ['jpeg', crowd(8)],
    ['png', small.clone().png().toBuffer()],
    ['png', small.clone().png({ palette: true }).toBuffer()],
    ['png', small.clone().ensureAlpha(0.5).png({ progressive: true }).toBuffer()],
    ['png', small.clone().toColourspace('rgb16').png().toBuffer()],
    ['webp', large.clone().webp().toBuffer()],
    ['webp', small.clone().ensureAlpha(0.5).webp().toBuffer()],
    ['webp', small.clone().webp({ lossless: true }).toBuffer()],
    ['webp', animated.clone().webp().toBuffer()],
    ['gif', small.clone().gif().toBuffer()],
    ['gif', animated.clone().gif().toBuffer()],
    ['bmp', bitmap(small, 24)],
    ['bmp', bitmap(small, 32)],
    ['avif', large.clone().avif({ effort: 0 }).toBuffer()],
    ['avif', small.clone().ensureAlpha(0.5).avif({ effort: 0 }).toBuffer()],
    ['tiff', large.clone().tiff({ compression: 'jpeg' }).toBuffer()],
    ['tiff', small.clone().tiff({ compression: 'lzw', predictor: 'horizontal' }).toBuffer()],
    ['tiff', small.clone().toColourspace('rgb16').tiff({ compression: 'deflate' }).toBuffer()],
    ['tiff', small.clone().tiff({ compression: 'none', tile: true, tileWidth: 32, tileHeight: 32 }).toBuffer()],
    ['tiff', small.clone().toColourspace('cmyk').tiff({ compression: 'packbits' }).toBuffer()],
    ['heic', photograph('head.heic')],
    [
      'heic',
      heif(codedPicture(photograph('head.heic')), { ...HEIC_SIZE, width: 2 * HEIC_SIZE.width, grid: TWO_TILES }),
    ],
    ['jp2', photograph('head.jp2')],
    ['jp2', photograph('head.j2k')],
  ];
  return Promise.all(written.map(async ([format, bytes]) => ({ format, bytes: await bytes })));
}

/** Damages a photograph: its raw bytes, or its segments, so that the damage gets past the outermost checks. */
export function mutatePhotograph({ format, bytes }: Source, others: readonly Source[], random: Random): Buffer {
  if (random.chance(0.5)) return mutateBytes(bytes, random);
  const [header, ...parts] = split(format, bytes);
  const other = random.pick(others.filter((source) => source.format === format));
  const mutated = join(format, [header, ...mutateParts(parts, split(format, other.bytes), random)]);
  return random.chance(0.2) ? mutateBytes(mutated, random) : mutated;
}

function mutateParts(parts: readonly Buffer[], foreign: readonly Buffer[], random: Random): Buffer[] {
  const at = random.below(parts.length);
  const replaced = (...pieces: Buffer[]): Buffer[] => parts.toSpliced(at, 1, ...pieces);
  switch (random.below(6)) {
    case 0:
      return random.shuffled(parts);
    case 1:
      return replaced();
    case 2:
      return replaced(...Array<Buffer>(random.between(2, 50)).fill(parts[at]));
    case 3:
      return replaced(random.pick(foreign));
    case 4:
      return [...parts.slice(0, at), random.pick(foreign), ...parts.slice(at)];
    default:
      return replaced(mutateBytes(parts[at], random));
  }
}

/** sharp does not write bitmaps. */
async function bitmap(image: Sharp, bitsPerPixel: 24 | 32): Promise<Buffer> {
  const { data, info } = await image.clone().removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return encodeBitmap({ width: info.width, height: info.height, pixels: data }, 'bottom-up', bitsPerPixel);
}
