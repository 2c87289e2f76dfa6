import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { FORMAT_NAMES } from '#face';

/** The weights that made an embedding, as POST /embed reports them. */
@ApiSchema({ name: 'SentWeights' })
export class SentWeightsDto {
  @ApiPropertyOptional({ description: 'Ignored: the checksum tells weights apart.', example: 'CASIA-WebFace' })
  readonly name?: string;

  @ApiProperty({
    description: 'The SHA-256 of the model’s file in hexadecimal digits.',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  readonly sha256!: string;
}

/** One of the photographs or embeddings that the reference is compared with. */
@ApiSchema({ name: 'Candidate' })
export class CandidateDto {
  @ApiPropertyOptional({
    description: `A photograph in base64 (plain or a data: URL): ${FORMAT_NAMES}, at least 20 px a side. Either this or \`embedding\`.`,
    minLength: 1,
    example: '/9j/4AAQSkZJRg==',
  })
  readonly image_base64?: string;

  @ApiPropertyOptional({
    description: 'An embedding from POST /embed, in either encoding. It needs its `weights`.',
    oneOf: [{ type: 'array', items: { type: 'number' } }, { type: 'string' }],
    example: [0.0123, -0.0456],
  })
  readonly embedding?: readonly number[] | string;

  @ApiPropertyOptional({
    description: 'The weights that made the embedding, from the same answer.',
    type: SentWeightsDto,
  })
  readonly weights?: SentWeightsDto;
}
