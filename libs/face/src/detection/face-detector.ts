import type { Checkpoint } from '../checkpoint.js';
import { type BoundingBox, scaleBox, type Size } from '../geometry/box.js';
import type { Photograph } from '../image/photograph.js';
import { type QuarterTurns, turnBox, turnPoint } from '../image/quarter-turn.js';
import type { WorkingScale } from '../image/working-size.js';
import type { NetworkName } from './detectors.js';
import { type Landmarks, moveLandmarks } from './landmarks.js';

/** A face found in a photograph. Coordinates are pixels of the decoded, upright photograph and may lie outside it. */
export interface DetectedFace {
  readonly box: BoundingBox;
  /** The detector's own confidence, 0 to 1; not comparable between detectors. */
  readonly confidence: number;
  readonly landmarks: Landmarks;
  /** The network that found it. */
  readonly foundBy: NetworkName;
}

/** A detector: how it wants photographs, and what it searches them with. */
export interface FaceDetector {
  /** How photographs have to be decoded for it. */
  readonly scale: WorkingScale;
  /** In the order in which they are made: the next one where those before have found no face for sure. */
  readonly searches: readonly FaceSearch[];
}

/** Which faces a search has to find. */
export type SearchExtent = 'largest' | 'all';

/** Finds the faces in a photograph. Holds networks but no state of any call. */
export interface FaceSearch {
  /**
   * @param checkpoint called between steps
   * @param extent `largest`: it may stop looking for smaller faces once the largest is found
   * @returns the faces, in no particular order; empty where there is none
   */
  detect(photograph: Photograph, checkpoint?: Checkpoint, extent?: SearchExtent): Promise<DetectedFace[]>;
}

/** The face with every coordinate multiplied by `factor`. */
export function scaleFace(face: DetectedFace, factor: number): DetectedFace {
  const landmarks = moveLandmarks(face.landmarks, ([x, y]) => [x * factor, y * factor]);
  return { ...face, box: scaleBox(face.box, factor), landmarks };
}

/** The face where it comes to lie when its photograph is turned clockwise. @param size of the photograph before */
export function turnFace(face: DetectedFace, size: Size, turns: QuarterTurns): DetectedFace {
  const landmarks = moveLandmarks(face.landmarks, (point) => turnPoint(point, size, turns));
  return { ...face, box: turnBox(face.box, size, turns), landmarks };
}
