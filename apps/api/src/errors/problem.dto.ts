import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { FACE_WARNINGS, type FaceWarning } from '#face';
import { ERROR_TABLE, type ErrorCode } from './error-table.js';
import type { ImageName } from './service-error.js';

/** A list of candidates has no photograph that a whole answer is about. */
type NamedImage = Exclude<ImageName, 'candidate'>;

const IMAGE = {
  oneOf: [
    { type: 'integer', enum: [1, 2] },
    { type: 'string', enum: ['image', 'reference'] },
  ],
  example: 2,
};

const REASONS = {
  description: 'For LOW_QUALITY: the warnings of the face that `reject_on` lists.',
  enum: FACE_WARNINGS,
  isArray: true,
  example: ['TOO_DARK'],
};

const CODE = {
  description: 'The kind of error for programs; stable.',
  enum: Object.keys(ERROR_TABLE),
  example: 'NO_FACE',
};

/** The problem with one of two photographs. */
@ApiSchema({ name: 'PhotographProblem' })
export class PhotographProblemDto {
  @ApiProperty(CODE)
  readonly code!: ErrorCode;

  @ApiProperty({ description: 'What happened, in a sentence.', example: 'No face detected in image 2.' })
  readonly detail!: string;

  @ApiPropertyOptional({ description: 'The photograph that caused the error.', ...IMAGE })
  readonly image?: NamedImage;

  @ApiPropertyOptional(REASONS)
  readonly reasons?: readonly FaceWarning[];
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
    description:
      'The photograph that caused the error, if one did; the first, if both did. Of two, the number; otherwise its name in the request.',
    ...IMAGE,
  })
  readonly image?: NamedImage;

  @ApiPropertyOptional(REASONS)
  readonly reasons?: readonly FaceWarning[];

  @ApiPropertyOptional({
    description: 'If both photographs caused errors, the error of each.',
    type: [PhotographProblemDto],
  })
  readonly errors?: PhotographProblemDto[];

  @ApiProperty({ description: 'Identifies the request in the log.', example: '4f0c4c1e-9f0e-4a53-a4a3-6a4b1f1c2d3e' })
  readonly request_id!: string;
}
