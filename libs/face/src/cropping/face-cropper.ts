import type { DetectedFace } from '../detection/face-detector.js';
import type { Photograph } from '../image/photograph.js';

/** Crops faces from photographs for an embedder. {@link faceCropper} makes one. */
export interface FaceCropper {
  /**
   * @param face in pixels of the photograph; it may extend beyond it
   * @returns the embedder's input: an NCHW tensor [1, 3, side, side], RGB, normalised
   */
  crop(face: DetectedFace, photograph: Photograph): Float32Array;
}
