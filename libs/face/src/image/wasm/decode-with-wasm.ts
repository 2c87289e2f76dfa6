import type { Size } from '../../geometry/box.js';
import { checkCost, type DecodeCost } from '../decode-cost.js';
import { type Jpeg2000Header, readJpeg2000Header } from '../jpeg2000.js';
import { checkImageSize } from '../limits.js';
import { type WorkingScale, workingSize } from '../working-size.js';
import type { WasmFormat } from './codec.js';
import { decodeHeic, type HeicHeader } from './heic-decoder.js';
import { decodeJpeg2000 } from './jpeg2000-decoder.js';
import { type RawPixels, shrunk } from './raw-pixels.js';

/** What to decode, and how. */
export interface WasmTask {
  readonly format: WasmFormat;
  /** The format's decoder, compiled. */
  readonly module: WebAssembly.Module;
  /** The file as sent. */
  readonly bytes: Uint8Array;
  readonly scale: WorkingScale;
  readonly maxPixels: number;
}

/** A decoded picture, not much larger than needed. */
export interface WasmPicture {
  readonly raw: RawPixels;
  /** The size of the photograph as sent. */
  readonly original: Size;
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height });

/**
 * Decodes a photograph with a WebAssembly decoder: synchronously, with memory that is not freed as long as the thread
 * lives. decode-in-thread.ts runs it in its own thread.
 *
 * @throws FaceError if the photograph is rejected; any other error if its bytes cannot be decoded
 */
export async function decodeWithWasm({ format, module, bytes, scale, maxPixels }: WasmTask): Promise<WasmPicture> {
  const judge = (size: Size, cost: DecodeCost): void => {
    checkImageSize(size, maxPixels);
    checkCost(size, cost);
  };
  if (format === 'heic') {
    const raw = await decodeHeic(module, bytes, (header) => {
      judge(header, heicCost(header));
    });
    return { original: sizeOf(raw), raw: shrunk(raw, workingSize(raw, scale.noResizeUpTo)) };
  }
  const header = readJpeg2000Header(bytes);
  const level = spareLevels(header, scale);
  judge(header, jpeg2000Cost(header, level));
  const raw = await decodeJpeg2000(module, bytes, header, level);
  return { original: sizeOf(header), raw: shrunk(raw, workingSize(header, scale.noResizeUpTo)) };
}

/** Measured at 12 to 48 megapixels (docs/decisions/0011-more-formats.md). */
function heicCost({ isDeep, hasFullChroma, hasAlpha }: HeicHeader): DecodeCost {
  const more = Number(isDeep) + Number(hasFullChroma);
  return { kind: 'a HEIC', bytesPerPixel: [8, 11, 17.5][more] + Number(hasAlpha) * (1 + Number(isDeep)) };
}

/** 32-bit numbers, plus copies of the samples; alpha takes a second decoding pass. */
function jpeg2000Cost({ components, bits, alpha }: Jpeg2000Header, level: number): DecodeCost {
  const sample = (bits > 8 ? 12 : 8) * (alpha === undefined ? 1 : 1.4);
  return { kind: 'a JPEG 2000 picture', bytesPerPixel: (components * sample + 4) / 4 ** level };
}

/** How often a picture can be halved without becoming smaller than needed. */
function spareLevels(header: Jpeg2000Header, scale: WorkingScale): number {
  const { width } = workingSize(header, scale.noResizeUpTo);
  return Math.min(header.levels, Math.floor(Math.log2(header.width / width)));
}
