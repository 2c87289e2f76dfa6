import { ApiPropertyOptional } from '@nestjs/swagger';
import type { FaceWarning } from '#face';
import { OptionalChoice } from '../../http/body/option-fields.js';
import { RejectOn } from './common-options.js';
import { DetectionOptionsDto } from './detection-options.dto.js';

const FACES = ['largest', 'all'] as const;
const ENCODINGS = ['float', 'base64'] as const;

/** Optional fields of a request for embeddings. */
export class EmbeddingOptionsDto extends DetectionOptionsDto {
  @OptionalChoice('faces', FACES)
  @ApiPropertyOptional({
    description: 'Which faces to embed: the `largest`, or `all`. The largest where it is left out.',
    enum: FACES,
    example: 'largest',
  })
  readonly faces?: (typeof FACES)[number];

  @OptionalChoice('encoding', ENCODINGS)
  @ApiPropertyOptional({
    description:
      'How the embeddings are written: `float`, lists of numbers; or `base64`, of little-endian float32 values. Lists where it is left out.',
    enum: ENCODINGS,
    example: 'base64',
  })
  readonly encoding?: (typeof ENCODINGS)[number];

  @RejectOn()
  readonly reject_on?: readonly FaceWarning[];
}
