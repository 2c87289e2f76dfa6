import type { IntegralImage } from '../../image/integral-image.js';
import type { Region } from '../../image/rgb-image.js';
import type { Candidate } from './candidate.js';
import { MTCNN_NORMALISATION } from './normalisation.js';

/** Network input cut from regions of an image: [N, 3, side, side]. */
export interface Patches {
  readonly data: Float32Array;
  readonly dims: readonly [number, number, number, number];
}

/** Crops regions of the image, averaged down to side × side. */
export function cutPatches(image: IntegralImage, regions: readonly Region[], side: number): Patches {
  const patchLength = 3 * side * side;
  const data = new Float32Array(regions.length * patchLength);
  const out = { width: side, height: side };
  regions.forEach((region, i) => {
    image.average(region, out, MTCNN_NORMALISATION, { data, offset: i * patchLength });
  });
  return { data, dims: [regions.length, 3, side, side] };
}

/**
 * The whole pixels of a candidate inside the image: its corners truncated to integers, counted from 1 with both ends
 * inside, so that the region starts at x1 − 1 (see candidate.ts). Undefined if there are none.
 */
export function pixelRegion(candidate: Candidate, image: IntegralImage): Region | undefined {
  const x = Math.max(Math.trunc(candidate.x1), 1) - 1;
  const y = Math.max(Math.trunc(candidate.y1), 1) - 1;
  const width = Math.min(Math.trunc(candidate.x2), image.width) - x;
  const height = Math.min(Math.trunc(candidate.y2), image.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}
