import type { Checkpoint } from '../checkpoint.js';
import type { CropRule } from '../cropping/crop-rule.js';
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

/** A detector: how to decode photographs for it, and its searches. */
export interface FaceDetector {
  /** How photographs are decoded for it. */
  readonly scale: WorkingScale;
  /** The same to get the results of the reference stack. */
  readonly referenceScale: WorkingScale;
  /** In order; the next one runs if those before found no certain face. */
  readonly searches: readonly FaceSearch[];
}

/** What decides, besides the detector, how photographs are decoded. */
export interface DecodingOptions {
  readonly rule: CropRule;
  /** Whether a thread analyses several photographs at a time, so that none may occupy it. */
  readonly sharesThread: boolean;
}

/** How photographs are decoded for a detector. */
export function decodingScale(
  { scale, referenceScale }: FaceDetector,
  { rule, sharesThread }: DecodingOptions,
): WorkingScale {
  if (rule === 'reference') return referenceScale;
  return sharesThread ? { ...scale, quickJpegs: false } : scale;
}

/** Which faces a search must find. */
export type SearchExtent = 'largest' | 'all';

/** Finds the faces in a photograph. Stateless apart from its networks. */
export interface FaceSearch {
  /**
   * @param checkpoint called between steps
   * @param extent `largest`: the search may stop once the largest face is found
   * @returns the faces, in no particular order; empty if there is none
   */
  detect(photograph: Photograph, checkpoint?: Checkpoint, extent?: SearchExtent): Promise<DetectedFace[]>;
}

/** The face with every coordinate multiplied by `factor`. */
export function scaleFace(face: DetectedFace, factor: number): DetectedFace {
  const landmarks = moveLandmarks(face.landmarks, ([x, y]) => [x * factor, y * factor]);
  return { ...face, box: scaleBox(face.box, factor), landmarks };
}

/** The face after its photograph is rotated clockwise. @param size of the photograph before the rotation */
export function turnFace(face: DetectedFace, size: Size, turns: QuarterTurns): DetectedFace {
  const landmarks = moveLandmarks(face.landmarks, (point) => turnPoint(point, size, turns));
  return { ...face, box: turnBox(face.box, size, turns), landmarks };
}
