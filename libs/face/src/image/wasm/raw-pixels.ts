import type { Size } from '../../geometry/box.js';

/** What a decoder in WebAssembly hands over: rows of 8-bit samples without gaps, from the top left, upright. */
export interface RawPixels extends Size {
  /** Grey, RGB, or RGB and alpha that the colours are not multiplied with. */
  readonly channels: 1 | 3 | 4;
  /** May lie in the decoder's memory: good as long as nothing else is decoded. */
  readonly data: Uint8Array;
}
