import type { IntegralImage } from '../../image/integral-image.js';
import type { Region } from '../../image/rgb-image.js';
import type { Candidate } from './candidate.js';
import { MTCNN_NORMALISATION } from './normalisation.js';

/** Candidates and, in the same order, what the network sees of them: a tensor [N, 3, side, side]. */
export interface Patches {
  readonly candidates: readonly Candidate[];
  readonly data: Float32Array;
  readonly dims: readonly [number, number, number, number];
}

/** Cuts candidates out of the image, averaged to side × side; those that lie outside it are left out. */
export function cutPatches(image: IntegralImage, candidates: readonly Candidate[], side: number): Patches {
  const inside = candidates.flatMap((candidate) => {
    const region = pixelRegion(candidate, image);
    return region ? [{ candidate, region }] : [];
  });
  const patchLength = 3 * side * side;
  const data = new Float32Array(inside.length * patchLength);
  const out = { width: side, height: side };
  inside.forEach(({ region }, i) => {
    image.average(region, out, MTCNN_NORMALISATION, { data, offset: i * patchLength });
  });
  return { candidates: inside.map(({ candidate }) => candidate), data, dims: [inside.length, 3, side, side] };
}

/**
 * The whole pixels of a candidate that lie inside the image: its corners cut to integers, counted from 1 with both
 * ends inside, so that the region starts at x1 − 1 (see candidate.ts).
 */
function pixelRegion(candidate: Candidate, image: IntegralImage): Region | undefined {
  const x = Math.max(Math.trunc(candidate.x1), 1) - 1;
  const y = Math.max(Math.trunc(candidate.y1), 1) - 1;
  const width = Math.min(Math.trunc(candidate.x2), image.width) - x;
  const height = Math.min(Math.trunc(candidate.y2), image.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}
