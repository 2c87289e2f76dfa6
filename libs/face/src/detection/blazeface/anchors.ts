import type { Point } from '../landmarks.js';

/** A grid of anchor centres: `size` × `size` cells with `perCell` boxes each. */
export interface AnchorLayer {
  readonly size: number;
  readonly perCell: number;
}

/**
 * The anchor centres, relative to the network's input (0 to 1), in the order of its outputs: layer, row, column, box.
 *
 * MediaPipe's SsdAnchorsCalculator with `fixed_anchor_size`: every anchor is at the centre of its cell (offset 0.5) and
 * has the size of the whole input, so only its centre matters.
 */
export function anchorCentres(layers: readonly AnchorLayer[]): Point[] {
  return layers.flatMap(({ size, perCell }) =>
    Array.from({ length: size * size * perCell }, (_, i): Point => {
      const cell = Math.floor(i / perCell);
      return [((cell % size) + 0.5) / size, (Math.floor(cell / size) + 0.5) / size];
    }),
  );
}
