import { applyDecorators } from '@nestjs/common';
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

const FACES = ['selected', 'all'] as const;

/** The field `threshold`. */
export const Threshold = (): PropertyDecorator =>
  applyDecorators(
    OptionalNumber('threshold', MIN_THRESHOLD, MAX_THRESHOLD),
    ApiPropertyOptional({
      description: 'Minimum similarity for a match, −1 to 1. Default: the service’s threshold (0.6).',
      minimum: MIN_THRESHOLD,
      maximum: MAX_THRESHOLD,
      example: 0.6,
    }),
  );

/** The field `false_match_rate`. */
export const WantedFalseMatchRate = (): PropertyDecorator =>
  applyDecorators(
    OptionalNumber('false_match_rate', MIN_FALSE_MATCH_RATE, MAX_FALSE_MATCH_RATE),
    ApiPropertyOptional({
      description:
        'Instead of `threshold`: the share of pairs of different people that may match. The service’s calibration gives the threshold, which `threshold_used` reports. Refused by a service without a calibration, and below what its pairs show.',
      minimum: MIN_FALSE_MATCH_RATE,
      maximum: MAX_FALSE_MATCH_RATE,
      example: 0.0001,
    }),
  );

/** The field `face_selection`. */
export const Selection = (): PropertyDecorator =>
  applyDecorators(
    OptionalChoice('face_selection', FACE_SELECTIONS),
    ApiPropertyOptional({
      description:
        'Which face counts where a photograph shows several: `largest`; `single`, which refuses a photograph with another face of at least half the largest one’s height (MULTIPLE_FACES); or `central`, of faces that large the one nearest to the centre. The service’s own (largest) where it is left out.',
      enum: FACE_SELECTIONS,
      example: 'largest',
    }),
  );

/** Optional fields of a comparison; omitted ones default to the service's settings. */
export class ComparisonOptionsDto {
  @Threshold()
  readonly threshold?: number;

  @WantedFalseMatchRate()
  readonly false_match_rate?: number;

  @MinConfidence()
  readonly min_confidence?: number;

  @Selection()
  readonly face_selection?: FaceSelection;

  @OptionalChoice('faces', FACES)
  @ApiPropertyOptional({
    description:
      'Which faces of image 2 are compared: the `selected` one (face_selection), or `all`; then `matches` lists each, and the best decides. The selected one where it is left out.',
    enum: FACES,
    example: 'selected',
  })
  readonly faces?: (typeof FACES)[number];

  @RejectOn()
  readonly reject_on?: readonly FaceWarning[];
}
