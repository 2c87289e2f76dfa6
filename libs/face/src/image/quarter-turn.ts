import type { BoundingBox, Size } from '../geometry/box.js';
import type { Photograph } from './photograph.js';

/** Clockwise quarter turns. */
export type QuarterTurns = 0 | 1 | 2 | 3;

/** The inverse rotation. */
export const opposite = (turns: QuarterTurns): QuarterTurns => ((4 - turns) % 4) as QuarterTurns;

/** The size after a rotation. */
export const turnedSize = ({ width, height }: Size, turns: QuarterTurns): Size =>
  turns % 2 === 0 ? { width, height } : { width: height, height: width };

/** Rotates a photograph clockwise, including its `original` size. */
export function turnPhotograph(photograph: Photograph, turns: QuarterTurns): Photograph {
  if (turns === 0) return photograph;
  const { pixels, width, height } = photograph;
  const turned = new Uint8Array(pixels.length);
  // The new index of the first pixel, and the strides to its right and lower neighbours.
  const [start, right, down] = {
    1: [height - 1, height, -1],
    2: [width * height - 1, -1, -width],
    3: [(width - 1) * height, -height, 1],
  }[turns];
  let from = 0;
  for (let y = 0; y < height; y++) {
    let to = 3 * (start + y * down);
    for (let x = 0; x < width; x++) {
      turned[to] = pixels[from++];
      turned[to + 1] = pixels[from++];
      turned[to + 2] = pixels[from++];
      to += 3 * right;
    }
  }
  return {
    ...turnedSize(photograph, turns),
    pixels: turned,
    original: turnedSize(photograph.original, turns),
    scaleToOriginal: photograph.scaleToOriginal,
  };
}

/**
 * Maps a point of an image to its position after the image is rotated clockwise.
 *
 * @param size of the image before the rotation; coordinates are continuous, so its edges are at 0 and its width or
 * height
 */
export function turnPoint([x, y]: readonly [number, number], size: Size, turns: QuarterTurns): [number, number] {
  switch (turns) {
    case 0:
      return [x, y];
    case 1:
      return [size.height - y, x];
    case 2:
      return [size.width - x, size.height - y];
    case 3:
      return [y, size.width - x];
  }
}

/** Maps a box of an image to its position after the image is rotated clockwise; `size` as for {@link turnPoint}. */
export function turnBox({ x1, y1, x2, y2 }: BoundingBox, size: Size, turns: QuarterTurns): BoundingBox {
  const [ax, ay] = turnPoint([x1, y1], size, turns);
  const [bx, by] = turnPoint([x2, y2], size, turns);
  return { x1: Math.min(ax, bx), y1: Math.min(ay, by), x2: Math.max(ax, bx), y2: Math.max(ay, by) };
}
