import type { Size } from '../../geometry/box.js';
import { checkCost, type DecodeCost } from '../decode-cost.js';
import { type Jpeg2000Header, readJpeg2000Header } from '../jpeg2000.js';
import { checkImageSize } from '../limits.js';
import type { Photograph } from '../photograph.js';
import { type WorkingScale, workingSize } from '../working-size.js';
import type { WasmFormat } from './codec.js';
import { decodeHeic, type HeicHeader } from './heic-decoder.js';
import { decodeJpeg2000 } from './jpeg2000-decoder.js';
import type { RawPixels } from './raw-pixels.js';

/** What is decoded, and to what. */
export interface WasmTask {
  readonly format: WasmFormat;
  /** The format's decoder, compiled. */
  readonly module: WebAssembly.Module;
  /** The file as sent. */
  readonly bytes: Uint8Array;
  readonly scale: WorkingScale;
  readonly maxPixels: number;
}

/**
 * Decodes a photograph with a decoder in WebAssembly: on the JavaScript thread, in one piece, and with memory that is not
 * given back as long as the thread lives. decode-in-thread.ts gives it a thread of its own.
 *
 * @throws FaceError where the photograph is refused; any other error where its bytes cannot be decoded
 */
export async function decodeWithWasm({ format, module, bytes, scale, maxPixels }: WasmTask): Promise<Photograph> {
  const judge = (size: Size, cost: DecodeCost): void => {
    checkImageSize(size, maxPixels);
    checkCost(size, cost);
  };
  if (format === 'heic') {
    const raw = await decodeHeic(module, bytes, (header) => {
      judge(header, heicCost(header));
    });
    return toPhotograph(raw, raw, scale);
  }
  const header = readJpeg2000Header(bytes);
  const level = spareLevels(header, scale);
  judge(header, jpeg2000Cost(header, level));
  return toPhotograph(await decodeJpeg2000(module, bytes, header, level), header, scale);
}

/** Measured at 12 to 48 megapixels (docs/decisions/0011-more-formats.md). */
function heicCost({ isDeep, hasFullChroma, hasAlpha }: HeicHeader): DecodeCost {
  const more = Number(isDeep) + Number(hasFullChroma);
  return { kind: 'a HEIC', bytesPerPixel: [8, 11, 17.5][more] + Number(hasAlpha) * (1 + Number(isDeep)) };
}

/** Numbers of 32 bits, and the samples more than once; alpha values are decoded apart, and the colours with them. */
function jpeg2000Cost({ components, bits, alpha }: Jpeg2000Header, level: number): DecodeCost {
  const sample = (bits > 8 ? 12 : 8) * (alpha === undefined ? 1 : 1.4);
  return { kind: 'a JPEG 2000 picture', bytesPerPixel: (components * sample + 4) / 4 ** level };
}

/** How often a picture can be halved and still be as large as it is wanted. */
function spareLevels(header: Jpeg2000Header, scale: WorkingScale): number {
  const { width } = workingSize(header, scale.keepUpTo);
  return Math.min(header.levels, Math.floor(Math.log2(header.width / width)));
}

/** @param original the size of the photograph as sent */
async function toPhotograph(raw: RawPixels, original: Size, scale: WorkingScale): Promise<Photograph> {
  const size = workingSize(original, scale.keepUpTo);
  const isDone = raw.channels === 3 && raw.width === size.width;
  return {
    ...size,
    pixels: isDone ? raw.data.slice() : await scaled(raw, size, scale.kernel),
    original: { width: original.width, height: original.height },
    toOriginal: original.width / size.width,
  };
}

async function scaled(raw: RawPixels, size: Size, kernel: WorkingScale['kernel']): Promise<Uint8Array> {
  // Loaded when it is needed: that takes a thread longer than many a portrait takes its decoder.
  const { default: sharp } = await import('sharp');
  const { width, height, channels } = raw;
  let image = sharp(raw.data, { raw: { width, height, channels }, limitInputPixels: false });
  if (size.width !== width) image = image.resize(size.width, size.height, { fit: 'fill', kernel });
  if (channels === 4) image = image.flatten({ background: 'white' });
  const pixels = await image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer();
  if (pixels.length !== size.width * size.height * 3) throw new Error(`scaled to ${pixels.length} samples`);
  return pixels;
}
