import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ERROR_TABLE, type ErrorCode } from './error-table.js';
import type { ImageNumber } from './service-error.js';

const IMAGE = { enum: [1, 2], type: 'integer', example: 2 } as const;

const CODE = {
  description: 'The kind of error for programs; stable.',
  enum: Object.keys(ERROR_TABLE),
  example: 'NO_FACE',
};

/** The problem with one of the two photographs. */
@ApiSchema({ name: 'PhotographProblem' })
export class PhotographProblemDto {
  @ApiProperty(CODE)
  readonly code!: ErrorCode;

  @ApiProperty({ description: 'What happened, in a sentence.', example: 'No face detected in image 2.' })
  readonly detail!: string;

  @ApiPropertyOptional({ description: 'The photograph that caused the error.', ...IMAGE })
  readonly image?: ImageNumber;
}

/** An error as `application/problem+json` (RFC 9457). */
@ApiSchema({ name: 'Problem' })
export class ProblemDto {
  @ApiProperty({ description: 'The HTTP status.', example: 422, type: 'integer' })
  readonly status!: number;

  @ApiProperty({ description: 'The kind of error; the same for every occurrence.', example: 'No face detected' })
  readonly title!: string;

  @ApiProperty({ description: 'What happened this time, in a sentence.', example: 'No face detected in image 2.' })
  readonly detail!: string;

  @ApiProperty(CODE)
  readonly code!: ErrorCode;

  @ApiPropertyOptional({
    description: 'The photograph that caused the error, if one did; the first, if both did.',
    ...IMAGE,
  })
  readonly image?: ImageNumber;

  @ApiPropertyOptional({
    description: 'If both photographs caused errors, the error of each.',
    type: [PhotographProblemDto],
  })
  readonly errors?: PhotographProblemDto[];

  @ApiProperty({ description: 'Identifies the request in the log.', example: '4f0c4c1e-9f0e-4a53-a4a3-6a4b1f1c2d3e' })
  readonly request_id!: string;
}
