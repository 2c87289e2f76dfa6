import type { DetectedFace } from '../detection/face-detector.js';
import type { Point } from '../detection/landmarks.js';
import type { Size } from '../geometry/box.js';
import type { Photograph } from '../image/photograph.js';

/**
 * The corners of the area that a crop shows: its upper left, upper right, lower right and lower left one. Coordinates are
 * continuous pixels of the photograph, whose edges are at 0 and its width or height; the area may extend beyond them.
 */
export type CropCorners = readonly [upperLeft: Point, upperRight: Point, lowerRight: Point, lowerLeft: Point];

/** Crops faces from photographs for an embedder. {@link faceCropper} makes one. */
export interface FaceCropper {
  /**
   * @param face in pixels of the photograph; it may extend beyond it
   * @returns the embedder's input: an NCHW tensor [1, 3, side, side], RGB, normalised
   */
  crop(face: DetectedFace, photograph: Photograph): Float32Array;

  /** The corners of the area that {@link crop} scales to side × side. @param face as for {@link crop} */
  corners(face: DetectedFace, photograph: Size): CropCorners;
}
