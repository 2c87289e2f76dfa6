import { type BoundingBox, boxHeight, boxWidth, type Size } from '../geometry/box.js';
import type { ResampleFilter } from './resample.js';
import type { Region } from './rgb-image.js';

/**
 * Which part of the photograph around a face is embedded; it is then scaled to the embedder's square input.
 *
 * - `square`: a square around the box's centre, its side the geometric mean of the box's width and height times
 *   (1 + margin), shifted to stay inside the photograph. The default: it separates people better
 *   (docs/decisions/0002-crop-rule.md).
 * - `padded-box`: the box grown by `padding` pixels on every side and clipped to the photograph, whatever its aspect
 *   ratio; what the reference stack does, with 0 for MTCNN and 20 for MediaPipe.
 */
export type CropRule = { readonly filter: ResampleFilter } & (
  | { readonly kind: 'square'; /** In parts of the side. */ readonly margin: number }
  | { readonly kind: 'padded-box'; /** In pixels of a photograph of the working size. */ readonly padding: number }
);

/**
 * The whole pixels a crop rule picks. Never empty, even for a box outside the photograph.
 *
 * @param box the face, in pixels of the photograph
 * @param workingPixel the length of one pixel of the working size, in pixels of the photograph
 */
export function cropRegion(box: BoundingBox, photograph: Size, rule: CropRule, workingPixel = 1): Region {
  return rule.kind === 'square'
    ? squareRegion(box, photograph, rule.margin)
    : paddedRegion(box, photograph, rule.padding * workingPixel);
}

function squareRegion(box: BoundingBox, { width, height }: Size, margin: number): Region {
  const wanted = Math.round(Math.sqrt(boxWidth(box) * boxHeight(box)) * (1 + margin));
  const side = clamp(wanted, 1, Math.min(width, height));
  return {
    x: clamp(Math.round((box.x1 + box.x2 - side) / 2), 0, width - side),
    y: clamp(Math.round((box.y1 + box.y2 - side) / 2), 0, height - side),
    width: side,
    height: side,
  };
}

function paddedRegion(box: BoundingBox, { width, height }: Size, padding: number): Region {
  const x = clamp(Math.trunc(box.x1 - padding), 0, width - 1);
  const y = clamp(Math.trunc(box.y1 - padding), 0, height - 1);
  return {
    x,
    y,
    width: clamp(Math.trunc(box.x2 + padding), x + 1, width) - x,
    height: clamp(Math.trunc(box.y2 + padding), y + 1, height) - y,
  };
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
