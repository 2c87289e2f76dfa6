import { boxArea, type Size } from '../geometry/box.js';
import { FaceError } from '../errors.js';
import type { DetectedFace } from './face-detector.js';

/**
 * Which face to select if a photograph shows several.
 *
 * - `largest`: the one with the largest box.
 * - `single`: the only one; a photograph with another of at least half its height is rejected.
 * - `central`: of those with at least half the height of the largest, the one nearest to the photograph's centre.
 */
export const FACE_SELECTIONS = ['largest', 'single', 'central'] as const;

export type FaceSelection = (typeof FACE_SELECTIONS)[number];

/** Sorts faces by box area, largest first; ties go to the higher confidence. */
export const bySize = (faces: readonly DetectedFace[]): DetectedFace[] =>
  [...faces].sort((a, b) => boxArea(b.box) - boxArea(a.box) || b.confidence - a.confidence);

/**
 * Selects a face.
 *
 * @param faces those with at least half the height of the largest, which comes first; not empty
 * @param photograph size of the photograph
 * @throws FaceError MULTIPLE_FACES
 */
export function selectFace(
  faces: readonly [DetectedFace, ...DetectedFace[]],
  selection: FaceSelection,
  photograph: Size,
): DetectedFace {
  switch (selection) {
    case 'largest':
      return faces[0];
    case 'single':
      if (faces.length > 1) {
        throw new FaceError(
          'MULTIPLE_FACES',
          `shows ${faces.length} faces; besides the largest, none may have half its height or more`,
        );
      }
      return faces[0];
    case 'central':
      return faces.reduce((a, b) => (fromCentre(b, photograph) < fromCentre(a, photograph) ? b : a));
  }
}

const fromCentre = ({ box }: DetectedFace, { width, height }: Size): number =>
  Math.hypot((box.x1 + box.x2 - width) / 2, (box.y1 + box.y2 - height) / 2);
