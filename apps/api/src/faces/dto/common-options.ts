import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsIn } from 'class-validator';
import { FACE_WARNINGS } from '#face';
import { ListField } from '../../http/body/field-kinds.js';
import { OptionalChoice, OptionalField, OptionalInteger, OptionalNumber } from '../../http/body/option-fields.js';
import { DETECTOR_VALUES } from '../detector-field.js';
import { DEFAULT_MAX_FACES, MOST_FACES } from '../max-faces.js';

/** The field `min_confidence` of every request with photographs. */
export const MinConfidence = (): PropertyDecorator =>
  applyDecorators(
    OptionalNumber('min_confidence', 0, 1),
    ApiPropertyOptional({
      description:
        'Faces with a lower `confidence_score` do not count, 0 to 1. MTCNN has 0.99 or more for nearly all faces, BlazeFace 0.6 to 0.95. The service’s own (0) where it is left out.',
      minimum: 0,
      maximum: 1,
      example: 0,
    }),
  );

/** The field `max_faces`. */
export const MaxFaces = (): PropertyDecorator =>
  applyDecorators(
    OptionalInteger('max_faces', 1, MOST_FACES),
    ApiPropertyOptional({
      description: `At most so many faces, the largest. ${DEFAULT_MAX_FACES} where it is left out.`,
      type: 'integer',
      minimum: 1,
      maximum: MOST_FACES,
      example: DEFAULT_MAX_FACES,
    }),
  );

/** The field `detector` of requests whose path does not say it. */
export function Detector(): PropertyDecorator {
  const values = Object.keys(DETECTOR_VALUES);
  return applyDecorators(
    OptionalChoice('detector', values),
    ApiPropertyOptional({
      description:
        'What finds the faces, if it is enabled (DETECTORS). Where it is left out, MTCNN, or the first that is enabled.',
      enum: values,
      example: 'mtcnn',
    }),
  );
}

/** The field `reject_on` of requests that embed faces. */
export function RejectOn(): PropertyDecorator {
  const message = `reject_on must be a list of ${FACE_WARNINGS.join(', ')}`;
  return applyDecorators(
    ListField(),
    OptionalField(),
    IsIn(FACE_WARNINGS, { each: true, message }),
    IsArray({ message }),
    ApiPropertyOptional({
      description:
        'Faces with one of these warnings are refused (LOW_QUALITY). In a form, repeat the field, or separate the codes by commas.',
      enum: FACE_WARNINGS,
      isArray: true,
      example: [],
    }),
  );
}
