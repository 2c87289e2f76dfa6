import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsIn } from 'class-validator';
import { ListField } from '../../http/body/field-kinds.js';
import { OptionalBoolean, OptionalField, OptionalInteger, OptionalNumber } from '../../http/body/option-fields.js';

/** What CompreFace calls plugins. As in a CompreFace without them, the last four add nothing to an answer. */
export const FACE_PLUGINS = ['landmarks', 'calculator', 'age', 'gender', 'mask', 'pose'] as const;

export type FacePlugin = (typeof FACE_PLUGINS)[number];

/** Its integers have 32 bits. */
const MAX_INTEGER = 2 ** 31 - 1;

function FacePlugins(): PropertyDecorator {
  const message = `face_plugins must be a list of ${FACE_PLUGINS.join(', ')}`;
  return applyDecorators(
    ListField(),
    OptionalField(),
    IsIn(FACE_PLUGINS, { each: true, message }),
    IsArray({ message }),
    ApiPropertyOptional({
      description:
        'What to add to each face, separated by commas: its `landmarks`, and its embedding (`calculator`). The others are accepted and add nothing.',
      enum: FACE_PLUGINS,
      isArray: true,
      example: ['landmarks'],
    }),
  );
}

/** The parameters of CompreFace's verification. */
export class CompreFaceOptionsDto {
  @OptionalInteger('limit', 0, MAX_INTEGER)
  @ApiPropertyOptional({
    description:
      'At most so many faces of each photograph, the largest; 0, the default, and more than 100 mean 100. With 1, a source image with several faces is no error.',
    type: 'integer',
    minimum: 0,
    maximum: MAX_INTEGER,
    example: 0,
  })
  readonly limit?: number;

  @OptionalNumber('det_prob_threshold', 0, 1)
  @ApiPropertyOptional({
    description: 'Faces with a lower `probability` do not count, 0 to 1. Default: the service’s own (0).',
    minimum: 0,
    maximum: 1,
    example: 0.8,
  })
  readonly det_prob_threshold?: number;

  @FacePlugins()
  readonly face_plugins?: readonly FacePlugin[];

  @OptionalBoolean('status')
  @ApiPropertyOptional({
    description: 'Whether to add `execution_time` and `plugins_versions`. Default: false.',
    example: false,
  })
  readonly status?: boolean;

  @OptionalInteger('prediction_count', -1, MAX_INTEGER)
  @ApiPropertyOptional({
    description: 'Accepted as CompreFace’s documentation has it; means nothing for two photographs.',
    type: 'integer',
    minimum: -1,
    maximum: MAX_INTEGER,
    example: 1,
  })
  readonly prediction_count?: number;
}
