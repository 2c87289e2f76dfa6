import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ERROR_TABLE, type ErrorCode } from './error-table.js';
import type { ImageNumber } from './service-error.js';

/** An error as `application/problem+json` (RFC 9457). */
export class ProblemDto {
  @ApiProperty({ description: 'The HTTP status, again.', example: 422, type: 'integer' })
  readonly status!: number;

  @ApiProperty({ description: 'The kind of error; the same for every occurrence.', example: 'No face detected' })
  readonly title!: string;

  @ApiProperty({ description: 'What happened this time, in a sentence.', example: 'No face detected in image 2.' })
  readonly detail!: string;

  @ApiProperty({
    description: 'The kind of error for programs; stable.',
    enum: Object.keys(ERROR_TABLE),
    example: 'NO_FACE',
  })
  readonly code!: ErrorCode;

  @ApiPropertyOptional({
    description: 'The photograph to blame, where one is.',
    enum: [1, 2],
    type: 'integer',
    example: 2,
  })
  readonly image?: ImageNumber;

  @ApiProperty({ description: 'Identifies the request in the log.', example: '4f0c4c1e-9f0e-4a53-a4a3-6a4b1f1c2d3e' })
  readonly request_id!: string;
}
