import type { FaceSelection, FaceWarning } from '#face';
import { Detector, MinConfidence, RejectOn } from '../../../faces/dto/common-options.js';
import type { DetectorValue } from '../../../faces/detector-field.js';
import { Selection, Threshold, WantedFalseMatchRate } from '../../dto/comparison-options.dto.js';

/** Optional fields of a comparison with many candidates. */
export class ManyOptionsDto {
  @Detector()
  readonly detector?: DetectorValue;

  @Threshold()
  readonly threshold?: number;

  @WantedFalseMatchRate()
  readonly false_match_rate?: number;

  @MinConfidence()
  readonly min_confidence?: number;

  @Selection()
  readonly face_selection?: FaceSelection;

  @RejectOn()
  readonly reject_on?: readonly FaceWarning[];
}
