import type { Checkpoint } from '../checkpoint.js';
import { type BoundingBox, scaleBox, type Size } from '../geometry/box.js';
import type { Photograph } from '../image/photograph.js';
import { type QuarterTurns, turnBox, turnPoint } from '../image/quarter-turn.js';
import type { WorkingScale } from '../image/working-size.js';

/** A point in pixels of the decoded, upright photograph. */
export type Point = readonly [x: number, y: number];

/** Which detector a caller can ask for. */
export type DetectorName = 'mtcnn' | 'blazeface';

/** Which network found a face; BlazeFace has two, one for each range of face sizes. */
export type DetectorModel = 'mtcnn' | 'blazeface-full-range' | 'blazeface-short-range';

/** A face found in a photograph. Coordinates are pixels of the decoded, upright photograph and may lie outside it. */
export interface DetectedFace {
  readonly box: BoundingBox;
  /** The detector's own confidence, 0 to 1; not comparable between detectors. */
  readonly confidence: number;
  /**
   * Points of the face in the detector's order. MTCNN: left eye, right eye, nose, left and right corner of the mouth;
   * BlazeFace: left eye, right eye, nose tip, mouth centre, left and right ear tragion. Left is the viewer's left.
   */
  readonly landmarks: readonly Point[];
  readonly foundBy: DetectorModel;
}

/** A detector: how it wants photographs, and what it searches them with. */
export interface FaceDetector {
  /** How photographs have to be decoded for it. */
  readonly scale: WorkingScale;
  /** In the order in which they are made: the next one where those before have found no face for sure. */
  readonly searches: readonly FaceSearch[];
}

/** Finds the faces in a photograph. Holds networks but no state of any call. */
export interface FaceSearch {
  /**
   * @param checkpoint called between steps
   * @returns the faces, in no particular order; empty where there is none. The largest is among them; a detector may stop
   *   looking for smaller ones once it is found.
   */
  detect(photograph: Photograph, checkpoint?: Checkpoint): Promise<DetectedFace[]>;
}

/** The face with every coordinate multiplied by `factor`. */
export function scaleFace(face: DetectedFace, factor: number): DetectedFace {
  const landmarks = face.landmarks.map(([x, y]): Point => [x * factor, y * factor]);
  return { ...face, box: scaleBox(face.box, factor), landmarks };
}

/** The face where it comes to lie when its photograph is turned clockwise. @param size of the photograph before */
export function turnFace(face: DetectedFace, size: Size, turns: QuarterTurns): DetectedFace {
  const landmarks = face.landmarks.map((point) => turnPoint(point, size, turns));
  return { ...face, box: turnBox(face.box, size, turns), landmarks };
}
