import type { Size } from '../../geometry/box.js';

/** The output of a WebAssembly decoder: contiguous rows of 8-bit samples from the top left, upright. */
export interface RawPixels extends Size {
  /** Grey, RGB, or RGBA without premultiplied alpha. */
  readonly channels: 1 | 3 | 4;
  /** May be in the decoder's memory: valid until something else is decoded. */
  readonly data: Uint8Array;
}

/**
 * Shrinks pixels by an integer factor to no less than the wanted size, in new memory: each is the mean of a square,
 * which may be smaller at the right and lower edges.
 */
export function shrunk({ width, height, channels, data }: RawPixels, wanted: Size): RawPixels {
  const factor = Math.max(1, Math.floor(width / wanted.width));
  if (factor === 1) return { width, height, channels, data: data.slice() };
  const size = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
  const rowLength = size.width * channels;
  const shrunkData = new Uint8Array(rowLength * size.height);
  const sums = new Uint32Array(rowLength);
  for (let row = 0; row < size.height; row++) {
    sums.fill(0);
    const bottom = Math.min(height, (row + 1) * factor);
    for (let y = row * factor; y < bottom; y++) addRow(sums, data, y * width * channels, width, channels, factor);
    for (let column = 0; column < size.width; column++) {
      const columns = Math.min(width, (column + 1) * factor) - column * factor;
      const pixels = columns * (bottom - row * factor);
      for (let i = column * channels; i < (column + 1) * channels; i++) {
        shrunkData[row * rowLength + i] = Math.round(sums[i] / pixels);
      }
    }
  }
  return { ...size, channels, data: shrunkData };
}

function addRow(
  sums: Uint32Array,
  data: Uint8Array,
  start: number,
  width: number,
  channels: number,
  factor: number,
): void {
  let at = start;
  for (let x = 0, to = 0; x < width; to += channels) {
    for (const end = Math.min(width, x + factor); x < end; x++) {
      for (let channel = 0; channel < channels; channel++) sums[to + channel] += data[at++];
    }
  }
}
