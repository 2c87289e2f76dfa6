import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  FACE_SELECTIONS,
  type FaceSelection,
  type FaceWarning,
  MAX_FALSE_MATCH_RATE,
  MAX_THRESHOLD,
  MIN_FALSE_MATCH_RATE,
  MIN_THRESHOLD,
} from '#face';
import { MinConfidence, RejectOn } from '../../faces/dto/common-options.js';
import { OptionalChoice, OptionalNumber } from '../../http/body/option-fields.js';

/** Optional fields of everything that compares faces; omitted ones default to the service's settings. */
export class MatchOptionsDto {
  @OptionalNumber('threshold', MIN_THRESHOLD, MAX_THRESHOLD)
  @ApiPropertyOptional({
    description: 'Minimum similarity for a match, −1 to 1. Default: the service’s threshold (0.6).',
    minimum: MIN_THRESHOLD,
    maximum: MAX_THRESHOLD,
    example: 0.6,
  })
  readonly threshold?: number;

  @OptionalNumber('false_match_rate', MIN_FALSE_MATCH_RATE, MAX_FALSE_MATCH_RATE)
  @ApiPropertyOptional({
    description:
      'Instead of `threshold`: the share of pairs of different people that may match. The service’s calibration gives the threshold, which `threshold_used` reports. Refused by a service without a calibration, and below what its pairs show.',
    minimum: MIN_FALSE_MATCH_RATE,
    maximum: MAX_FALSE_MATCH_RATE,
    example: 0.0001,
  })
  readonly false_match_rate?: number;

  @MinConfidence()
  readonly min_confidence?: number;

  @OptionalChoice('face_selection', FACE_SELECTIONS)
  @ApiPropertyOptional({
    description:
      'Which face counts where a photograph shows several: `largest`; `single`, which refuses a photograph with another face of at least half the largest one’s height (MULTIPLE_FACES); or `central`, of faces that large the one nearest to the centre. The service’s own (largest) where it is left out.',
    enum: FACE_SELECTIONS,
    example: 'largest',
  })
  readonly face_selection?: FaceSelection;

  @RejectOn()
  readonly reject_on?: readonly FaceWarning[];
}
