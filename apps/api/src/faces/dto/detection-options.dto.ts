import type { DetectorValue } from '../detector-field.js';
import { Detector, MaxFaces, MinConfidence } from './common-options.js';

/** Optional fields of a detection. */
export class DetectionOptionsDto {
  @Detector()
  readonly detector?: DetectorValue;

  @MaxFaces()
  readonly max_faces?: number;

  @MinConfidence()
  readonly min_confidence?: number;
}
