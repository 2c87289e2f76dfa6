import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { type Decision, FACE_WARNINGS, type FaceWarning } from '#face';
import { FaceDto } from '../../../faces/dto/face.dto.js';
import { ImageMetricsDto } from '../../dto/compare-response.dto.js';
import { DecisionField, FalseMatchRateDto, FalseMatchRateField } from '../../dto/verdict.dto.js';
import { CANDIDATE_CODES, type CandidateCode } from '../candidate-problem.js';

/** Why a candidate was not compared. */
@ApiSchema({ name: 'CandidateProblem' })
export class CandidateProblemDto {
  @ApiProperty({ description: 'The kind of problem for programs; stable.', enum: CANDIDATE_CODES, example: 'NO_FACE' })
  readonly code!: CandidateCode;

  @ApiProperty({ description: 'What happened, in a sentence.', example: 'No face detected in the candidate.' })
  readonly detail!: string;

  @ApiPropertyOptional({
    description: 'For LOW_QUALITY: the warnings of the face that `reject_on` lists.',
    enum: FACE_WARNINGS,
    isArray: true,
    example: ['TOO_DARK'],
  })
  readonly reasons?: readonly FaceWarning[];
}

/** A candidate’s result: how similar it is, or its problem. */
@ApiSchema({ name: 'CandidateResult' })
export class CandidateResultDto {
  @ApiProperty({ description: 'Its position in the request, from 0.', type: 'integer', example: 0 })
  readonly index!: number;

  @ApiPropertyOptional({ description: 'Cosine similarity with the reference’s face, −1 to 1.', example: 0.8054 })
  readonly similarity?: number;

  @ApiPropertyOptional({ description: 'Whether similarity ≥ threshold.', example: true })
  readonly match?: boolean;

  @DecisionField()
  readonly decision?: Decision;

  @FalseMatchRateField()
  readonly false_match_rate?: FalseMatchRateDto;

  @ApiPropertyOptional({ description: 'The compared face, if the candidate is a photograph.', type: FaceDto })
  readonly face?: FaceDto;

  @ApiPropertyOptional({ description: 'Why it was not compared.', type: CandidateProblemDto })
  readonly problem?: CandidateProblemDto;
}

/** The verdicts on many candidates. */
@ApiSchema({ name: 'Many' })
export class ManyResponseDto {
  @ApiProperty({
    description: 'Every candidate: the most similar first, then those with a problem in the order sent.',
    type: [CandidateResultDto],
  })
  readonly results!: readonly CandidateResultDto[];

  @ApiProperty({
    description:
      'Whether a candidate was not compared for a reason that is not its own: NOT_DONE (time ran out), OVERLOADED, WORKER_LOST or INTERNAL.',
    example: false,
  })
  readonly partial!: boolean;

  @ApiProperty({ description: 'The threshold that decided the verdicts, −1 to 1.', example: 0.6 })
  readonly threshold_used!: number;

  @ApiProperty({ type: ImageMetricsDto })
  readonly reference_metrics!: ImageMetricsDto;

  @ApiProperty({ description: 'Time from the request’s arrival to its response, in milliseconds.', example: 27.4 })
  readonly total_processing_time_ms!: number;
}
