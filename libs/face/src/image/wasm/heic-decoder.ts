import type { Size } from '../../geometry/box.js';
import { outOfMemory } from '../decode-failure.js';
import { unsupported } from '../unsupported-format.js';
import { type EmscriptenModule, instantiate } from './emscripten.js';
import type { RawPixels } from './raw-pixels.js';

/** The header of a HEIC, read before any pixel is decoded: its upright size, after the file's crop and rotation. */
export interface HeicHeader extends Size {
  readonly hasAlpha: boolean;
  /** More than 8 bits per sample. */
  readonly isDeep: boolean;
  /** Whether chroma has the resolution of luma (4:4:4), or nearly. */
  readonly hasFullChroma: boolean;
}

/** Functions of libheif's C API (heif.h). Pointers are byte offsets; functions that return an error take a pointer to it. */
interface Libheif extends EmscriptenModule {
  _malloc(bytes: number): number;
  _heif_context_alloc(): number;
  _heif_context_read_from_memory_without_copy(
    error: number,
    context: number,
    bytes: number,
    length: number,
    options: number,
  ): void;
  _heif_context_get_primary_image_handle(error: number, context: number, handle: number): void;
  _heif_image_handle_get_width(handle: number): number;
  _heif_image_handle_get_height(handle: number): number;
  _heif_image_handle_has_alpha_channel(handle: number): number;
  _heif_image_handle_get_luma_bits_per_pixel(handle: number): number;
  _heif_image_handle_get_preferred_decoding_colorspace(
    error: number,
    handle: number,
    colorspace: number,
    chroma: number,
  ): void;
  _heif_decode_image(
    error: number,
    handle: number,
    image: number,
    colorspace: number,
    chroma: number,
    options: number,
  ): void;
  _heif_image_get_width(image: number, channel: number): number;
  _heif_image_get_height(image: number, channel: number): number;
  _heif_image_get_plane_readonly(image: number, channel: number, stride: number): number;
}

/** heif_error_code. */
const OK = 0;
const UNSUPPORTED_FILE_TYPE = 3;
const UNSUPPORTED_FEATURE = 4;
const OUT_OF_MEMORY = 6;
/** No decoder for the codec. */
const NO_PLUGIN = 11;

/** heif_suberror_code: the file exceeds what it declared, or a limit of libheif. */
const LIMIT_EXCEEDED = 1000;

/** heif_chroma: 4:2:0, and the two interleaved 8-bit formats. */
const CHROMA_420 = 1;
const INTERLEAVED_RGB = 10;
const INTERLEAVED_RGBA = 11;

/** heif_colorspace_RGB. */
const RGB = 1;

/** heif_channel_interleaved. */
const INTERLEAVED = 10;

/** sizeof(heif_error): two numbers and a string. */
const ERROR_BYTES = 12;

/**
 * Decodes the primary image of a HEIC or HEIF and applies its crop, rotation and mirroring (clap, irot, imir); the EXIF
 * orientation, which duplicates them, is ignored.
 *
 * The instance is used for one file only and frees nothing: its memory is freed with the thread.
 *
 * @param judge called with the header before any pixel is decoded; may throw to reject the file
 * @throws FaceError if the file is damaged, not supported, or takes more memory than the module may have
 */
export async function decodeHeic(
  module: WebAssembly.Module,
  bytes: Uint8Array,
  judge: (header: HeicHeader) => void,
): Promise<RawPixels> {
  const heif = await instantiate<Libheif>('libheif-js/libheif-wasm/libheif.js', module, () => undefined);
  const allocate = (length: number): number => {
    const start = heif._malloc(length);
    if (start === 0) throw failure(OUT_OF_MEMORY, 0);
    return start;
  };
  const error = allocate(ERROR_BYTES);
  const out = allocate(8);
  const word = (at: number): number => heif.HEAPU32[at / 4];
  const check = (): void => {
    if (word(error) !== OK) throw failure(word(error), word(error + 4));
  };

  const file = allocate(bytes.byteLength);
  heif.HEAPU8.set(bytes, file);
  const context = heif._heif_context_alloc();
  heif._heif_context_read_from_memory_without_copy(error, context, file, bytes.byteLength, 0);
  check();
  heif._heif_context_get_primary_image_handle(error, context, out);
  check();
  const handle = word(out);
  heif._heif_image_handle_get_preferred_decoding_colorspace(error, handle, out, out + 4);
  check();
  const header: HeicHeader = {
    width: heif._heif_image_handle_get_width(handle),
    height: heif._heif_image_handle_get_height(handle),
    hasAlpha: heif._heif_image_handle_has_alpha_channel(handle) !== 0,
    isDeep: heif._heif_image_handle_get_luma_bits_per_pixel(handle) > 8,
    hasFullChroma: word(out + 4) > CHROMA_420,
  };
  judge(header);

  const chroma = header.hasAlpha ? INTERLEAVED_RGBA : INTERLEAVED_RGB;
  heif._heif_decode_image(error, handle, out, RGB, chroma, 0);
  check();
  const image = word(out);
  const width = heif._heif_image_get_width(image, INTERLEAVED);
  const height = heif._heif_image_get_height(image, INTERLEAVED);
  const start = heif._heif_image_get_plane_readonly(image, INTERLEAVED, out);
  if (start === 0 || width !== header.width || height !== header.height) {
    throw new Error(`expected ${header.width}×${header.height} px but decoded ${width}×${height}`);
  }
  const channels = header.hasAlpha ? 4 : 3;
  const data = heif.HEAPU8.subarray(start, start + word(out) * height);
  closeGaps(data, word(out), width * channels);
  return { width, height, channels, data: data.subarray(0, width * channels * height) };
}

/** Removes the padding between rows. */
function closeGaps(data: Uint8Array, stride: number, rowBytes: number): void {
  if (stride === rowBytes) return;
  for (let from = stride, to = rowBytes; from < data.length; from += stride, to += rowBytes) {
    data.copyWithin(to, from, from + rowBytes);
  }
}

/** @param code and @param detail of libheif */
function failure(code: number, detail: number): Error {
  if (code === UNSUPPORTED_FILE_TYPE || code === UNSUPPORTED_FEATURE || code === NO_PLUGIN)
    return unsupported('HEIF_KIND');
  if (code === OUT_OF_MEMORY && detail !== LIMIT_EXCEEDED) return outOfMemory();
  return new Error(`libheif failed with code ${code}, ${detail}`);
}
