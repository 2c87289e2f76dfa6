import type { Size } from '../../geometry/box.js';

/** P-net sees 12×12 pixels at a time. */
export const P_NET_WINDOW = 12;

/** The ratio of successive scales; 0.709 ≈ √½ halves the area. */
const SCALE_FACTOR = 0.709;

/** One image of the pyramid. */
export interface PyramidLevel extends Size {
  /** Pixels of this level per pixel of the photograph. */
  readonly scale: number;
  /** The side of the faces that P-net finds at this level, in pixels of the photograph. */
  readonly faceSide: number;
}

/**
 * The image pyramid of MTCNN (Zhang et al. 2016, arXiv:1604.02878), coarsest level first: the scales
 * 12/minFace · 0.709^k as long as a P-net window fits the shorter side.
 *
 * @param minFace side of the smallest face to find, in pixels of the photograph
 */
export function imagePyramid({ width, height }: Size, minFace: number): PyramidLevel[] {
  const levels: PyramidLevel[] = [];
  for (let scale = P_NET_WINDOW / minFace; Math.min(width, height) * scale >= P_NET_WINDOW; scale *= SCALE_FACTOR) {
    levels.push({
      scale,
      faceSide: P_NET_WINDOW / scale,
      width: Math.floor(width * scale + 1),
      height: Math.floor(height * scale + 1),
    });
  }
  return levels.reverse();
}
