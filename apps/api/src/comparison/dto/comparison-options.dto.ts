import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNumber, Max, Min, ValidateIf } from 'class-validator';
import { FACE_SELECTIONS, type FaceSelection, MAX_THRESHOLD, MIN_THRESHOLD } from '#face';
import { NumberField } from '../../http/body/number-fields.js';

/** Optional fields of a comparison; omitted ones default to the service's settings. */
export class ComparisonOptionsDto {
  @OptionalNumber('threshold', MIN_THRESHOLD, MAX_THRESHOLD)
  @ApiPropertyOptional({
    description: 'Minimum similarity for a match, −1 to 1. Default: the service’s threshold (0.6).',
    minimum: MIN_THRESHOLD,
    maximum: MAX_THRESHOLD,
    example: 0.6,
  })
  readonly threshold?: number;

  @OptionalNumber('min_confidence', 0, 1)
  @ApiPropertyOptional({
    description:
      'Faces with a lower `confidence_score` do not count, 0 to 1. MTCNN has 0.99 or more for nearly all faces, BlazeFace 0.6 to 0.95. The service’s own (0) where it is left out.',
    minimum: 0,
    maximum: 1,
    example: 0,
  })
  readonly min_confidence?: number;

  @IsOptionalField('face_selection')
  @IsIn(FACE_SELECTIONS, { message: `face_selection must be one of ${FACE_SELECTIONS.join(', ')}` })
  @ApiPropertyOptional({
    description:
      'Which face counts where a photograph shows several: `largest`; `single`, which refuses a photograph with another face of at least half the largest one’s height (MULTIPLE_FACES); or `central`, of faces that large the one nearest to the centre. The service’s own (largest) where it is left out.',
    enum: FACE_SELECTIONS,
    example: 'largest',
  })
  readonly face_selection?: FaceSelection;
}

/** Unlike IsOptional, rejects null, which the OpenAPI document does not allow. */
function IsOptionalField(name: keyof ComparisonOptionsDto): PropertyDecorator {
  return ValidateIf((options: ComparisonOptionsDto) => options[name] !== undefined);
}

function OptionalNumber(name: keyof ComparisonOptionsDto, min: number, max: number): PropertyDecorator {
  const message = `${name} must be a number from ${min} to ${max}`;
  return applyDecorators(
    NumberField(),
    IsOptionalField(name),
    IsNumber({}, { message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}
