import type { Point } from './answers.js';

/** Side of the crops that the page shows, in pixels: that of the bundled embedder's input. */
export const CROP_SIDE = 160;

/** More pixels than this to one of the crop are first averaged by the browser. */
const MOST_PIXELS = 2;

export type Corners = readonly [upperLeft: Point, upperRight: Point, lowerRight: Point, lowerLeft: Point];

/** The part of a photograph around a crop, and how much smaller it is drawn. */
export interface Patch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** At most 1. */
  readonly shrink: number;
}

/** An image of 8-bit RGBA pixels, row by row. */
export interface Rgba {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** The pixels that a crop needs, clipped to the photograph. Corners are in pixels of the photograph. */
export function patchAround(corners: Corners, photograph: { readonly width: number; readonly height: number }): Patch {
  const [stepX, stepY] = stepsOf(corners, CROP_SIDE);
  const scale = Math.max(Math.hypot(...stepX), Math.hypot(...stepY));
  const [left, right] = span(
    corners.map(([x]) => x),
    scale,
    photograph.width,
  );
  const [top, bottom] = span(
    corners.map(([, y]) => y),
    scale,
    photograph.height,
  );
  return { x: left, y: top, width: right - left, height: bottom - top, shrink: Math.min(1, MOST_PIXELS / scale) };
}

function span(values: readonly number[], scale: number, end: number): [number, number] {
  const margin = Math.ceil(scale) + 2;
  const first = Math.min(Math.max(0, Math.floor(Math.min(...values)) - margin), end - 1);
  return [first, Math.max(first + 1, Math.min(end, Math.ceil(Math.max(...values)) + margin))];
}

/** The corners in pixels of an image that shows the patch. */
export function moveInto(corners: Corners, patch: Patch, { width, height }: Pick<Rgba, 'width' | 'height'>): Corners {
  return corners.map(([x, y]): Point => [
    ((x - patch.x) * width) / patch.width,
    ((y - patch.y) * height) / patch.height,
  ]) as unknown as Corners;
}

/**
 * Scales the area between four corners to side × side, as the service does for its embedder: each sample is a mean
 * weighted by a triangle along each axis of the image, and beyond the image its edge is repeated.
 *
 * @param corners in pixels of the image; they may lie outside it
 * @returns opaque RGBA pixels
 */
export function sampleCrop(image: Rgba, corners: Corners, side: number): Uint8ClampedArray<ArrayBuffer> {
  const [right, down] = stepsOf(corners, side);
  const radiusX = Math.max(1, Math.hypot(right[0], down[0]));
  const radiusY = Math.max(1, Math.hypot(right[1], down[1]));
  const [[startX, startY]] = corners;
  const out = new Uint8ClampedArray(side * side * 4);
  for (let v = 0; v < side; v++) {
    for (let u = 0; u < side; u++) {
      const x = startX + (u + 0.5) * right[0] + (v + 0.5) * down[0];
      const y = startY + (u + 0.5) * right[1] + (v + 0.5) * down[1];
      putMean(image, taps(x, radiusX, image.width), taps(y, radiusY, image.height), out, (v * side + u) * 4);
    }
  }
  return out;
}

/** The steps in the image from a pixel of the crop to its right and lower neighbours. */
function stepsOf([upperLeft, upperRight, , lowerLeft]: Corners, side: number): [right: Point, down: Point] {
  const step = (to: Point): Point => [(to[0] - upperLeft[0]) / side, (to[1] - upperLeft[1]) / side];
  return [step(upperRight), step(lowerLeft)];
}

/** Pixels along an axis, and their weights, with a sum of 1. */
interface Taps {
  readonly at: readonly number[];
  readonly weights: readonly number[];
}

/** Pixel k covers k to k + 1. */
function taps(centre: number, radius: number, length: number): Taps {
  const first = Math.floor(centre - radius + 0.5);
  const count = Math.ceil(2 * radius);
  const tap = Array.from({ length: count }, (_, i) => first + i);
  const weights = tap.map((k) => Math.max(0, 1 - Math.abs(k + 0.5 - centre) / radius));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return {
    at: tap.map((k) => Math.min(Math.max(k, 0), length - 1)),
    weights: weights.map((weight) => weight / sum),
  };
}

function putMean({ data, width }: Rgba, columns: Taps, rows: Taps, out: Uint8ClampedArray, offset: number): void {
  const sums = [0, 0, 0];
  rows.at.forEach((y, row) => {
    columns.at.forEach((x, column) => {
      const weight = rows.weights[row] * columns.weights[column];
      const pixel = (y * width + x) * 4;
      for (let channel = 0; channel < 3; channel++) sums[channel] += weight * data[pixel + channel];
    });
  });
  out.set([...sums, 255], offset);
}
