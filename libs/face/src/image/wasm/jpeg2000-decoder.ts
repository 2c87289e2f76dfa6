import { outOfMemory } from '../decode-failure.js';
import { type Jpeg2000Header, withComponents } from '../jpeg2000.js';
import { type EmscriptenModule, instantiate } from './emscripten.js';
import type { RawPixels } from './raw-pixels.js';

interface OpenJpeg extends EmscriptenModule {
  readonly J2KDecoder: new () => Decoder;
}

/** Emscripten's wrapper of the package's C++ class (J2KDecoder.hpp). */
interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  /** @param layers 0 for all */
  decodeSubResolution(level: number, layers: number): void;
  getDecodedBuffer(): Uint8ClampedArray<ArrayBuffer>;
  getFrameInfo(): { readonly bitsPerSample: number; readonly componentCount: number };
  delete(): void;
}

/** OpenJPEG's messages about data it cannot decode; it continues if it can. */
const FAILURE = /^\[ERROR\]|segment too long/;

/** Messages about failed allocations. */
const OUT_OF_MEMORY = /OOM|memory|alloc/i;

/**
 * Decodes a JPEG 2000 picture.
 *
 * @param level how often its width and height are halved, rounding up, by skipping the finer decomposition levels
 * @throws FaceError TOO_MANY_PIXELS if it takes more memory than the module may have; another error for a damaged file
 */
export async function decodeJpeg2000(
  module: WebAssembly.Module,
  bytes: Uint8Array,
  header: Jpeg2000Header,
  level: number,
): Promise<RawPixels> {
  const lines: string[] = [];
  const openJpeg = await instantiate<OpenJpeg>('@cornerstonejs/codec-openjpeg/decodewasmjs', module, (line) => {
    if (FAILURE.test(line)) lines.push(line);
  });
  const size = { width: halved(header.width, level), height: halved(header.height, level) };
  const decode = (file: Uint8Array): RawPixels => {
    const decoder = new openJpeg.J2KDecoder();
    try {
      decoder.getEncodedBuffer(file.byteLength).set(file);
      decoder.decodeSubResolution(level, 0);
      if (lines.length > 0) throw failure(lines);
      const { bitsPerSample, componentCount } = decoder.getFrameInfo();
      const data = toBytes(decoder.getDecodedBuffer(), bitsPerSample);
      if (componentCount !== 1 && componentCount !== 3) throw new Error(`decoded ${componentCount} components`);
      if (data.length !== size.width * size.height * componentCount) throw new Error(`decoded ${data.length} samples`);
      return { ...size, channels: componentCount, data };
    } catch (error) {
      // C++ exceptions arrive as numbers, also when memory runs out.
      throw error instanceof Error ? error : new Error(`OpenJPEG gave up: ${String(error)}`);
    } finally {
      decoder.delete();
    }
  };
  if (header.alpha === undefined) return decode(bytes);
  const colours = decode(withComponents(bytes, header, header.colours));
  return withAlpha(colours, decode(withComponents(bytes, header, [header.alpha])).data);
}

function failure(lines: readonly string[]): Error {
  return lines.some((line) => OUT_OF_MEMORY.test(line)) ? outOfMemory() : new Error(lines.join('\n'));
}

/** The length halved `times` times, rounded up. */
const halved = (length: number, times: number): number => Math.ceil(length / 2 ** times);

/** Samples of any depth as bytes. Above 8 bits they are little-endian pairs of bytes. */
function toBytes({ buffer, byteOffset, length }: Uint8ClampedArray<ArrayBuffer>, bits: number): Uint8Array {
  if (bits === 8) return new Uint8Array(buffer, byteOffset, length);
  const samples =
    bits < 8 ? new Uint8Array(buffer, byteOffset, length) : new Uint16Array(buffer, byteOffset, length / 2);
  const scale = 255 / (2 ** bits - 1);
  const bytes = new Uint8Array(samples.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(samples[i] * scale);
  return bytes;
}

/** Combines grey or RGB with alpha into RGBA. */
function withAlpha({ width, height, channels, data }: RawPixels, alpha: Uint8Array): RawPixels {
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < alpha.length; i++) {
    for (let channel = 0; channel < 3; channel++) rgba[4 * i + channel] = data[channels * i + (channel % channels)];
    rgba[4 * i + 3] = alpha[i];
  }
  return { width, height, channels: 4, data: rgba };
}
