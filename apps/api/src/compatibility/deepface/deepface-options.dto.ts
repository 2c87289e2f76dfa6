import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { BooleanField, NumberField } from '../../http/body/field-kinds.js';
import { OptionalBoolean, OptionalChoice, OptionalField, OptionalNumber } from '../../http/body/option-fields.js';
import { DETECTOR_VALUES, type DetectorValue } from '../../faces/detector-field.js';

/** Cosine distances of unit vectors. */
export const MAX_DISTANCE = 2;

/** An optional field that has one value here; another would ask for what this service does not do. */
function Only(name: string, value: string | number | boolean, reason: string): PropertyDecorator {
  const kinds = { string: [], number: [NumberField()], boolean: [BooleanField()] };
  const type = typeof value as keyof typeof kinds;
  return applyDecorators(
    ...kinds[type],
    OptionalField(),
    IsIn([value], { message: `${name} must be ${value}: ${reason}` }),
    ApiPropertyOptional({ description: `Only ${value}: ${reason}.`, type, enum: [value], example: value }),
  );
}

/** The options of deepface's verify. */
export class DeepFaceOptionsDto {
  @OptionalField()
  @ApiPropertyOptional({
    description: 'Only the service’s own weights, `embedder_weights` of GET /. The service has no other model.',
    type: 'string',
    example: 'CASIA-WebFace',
  })
  readonly model_name?: unknown;

  @OptionalChoice('detector_backend', Object.keys(DETECTOR_VALUES))
  @ApiPropertyOptional({
    description:
      'What finds the faces, if it is enabled (DETECTORS). Where it is left out, MTCNN, or the first that is enabled.',
    enum: Object.keys(DETECTOR_VALUES),
    example: 'mtcnn',
  })
  readonly detector_backend?: DetectorValue;

  @Only('distance_metric', 'cosine', 'no other distance is computed')
  readonly distance_metric?: 'cosine';

  @OptionalNumber('threshold', 0, MAX_DISTANCE)
  @ApiPropertyOptional({
    description: 'Maximum distance for a match. Default: 1 minus the service’s threshold (0.4).',
    minimum: 0,
    maximum: MAX_DISTANCE,
    example: 0.4,
  })
  readonly threshold?: number;

  @Only('enforce_detection', true, 'photographs without a face are not compared')
  readonly enforce_detection?: true;

  @OptionalBoolean('align')
  @ApiPropertyOptional({
    description: 'Only what the service does (CROP_RULE): true with `square`, false with `reference`.',
    example: true,
  })
  readonly align?: boolean;

  @Only('expand_percentage', 0, 'the margin around a face belongs to the weights')
  readonly expand_percentage?: 0;

  @Only('normalization', 'base', 'the normalisation belongs to the weights')
  readonly normalization?: 'base';

  @Only('anti_spoofing', false, 'a living face is not told from a photograph of one')
  readonly anti_spoofing?: false;

  @OptionalBoolean('silent')
  @ApiPropertyOptional({ description: 'Accepted; it is about deepface’s log.', example: true })
  readonly silent?: boolean;
}
