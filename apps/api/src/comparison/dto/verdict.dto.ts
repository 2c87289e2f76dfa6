import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { type Decision, DECISIONS } from '#face';

/** Of pairs of different people, how many score as high. Either `rate` with its interval, or `below`. */
@ApiSchema({ name: 'FalseMatchRate' })
export class FalseMatchRateDto {
  @ApiPropertyOptional({
    description: 'Share of the calibration’s pairs of different people that score as high or higher, 0 to 1.',
    example: 0.00012,
  })
  readonly rate?: number;

  @ApiPropertyOptional({ description: 'Lower bound of its 95 % interval.', example: 0.00005 })
  readonly low?: number;

  @ApiPropertyOptional({ description: 'Upper bound of its 95 % interval.', example: 0.0003 })
  readonly high?: number;

  @ApiPropertyOptional({
    description: 'No pair scores as high. The rate is below this with 95 % confidence, if the pairs are independent.',
    example: 0.00003,
  })
  readonly below?: number;
}

/** The field `decision` of an answer. */
export const DecisionField = (): PropertyDecorator =>
  ApiPropertyOptional({
    description:
      'Only from a service with a review band: `review` if similarity lies in it, else what `match` says, as `match` or `no_match`.',
    enum: DECISIONS,
    example: 'match',
  });

/** The field `false_match_rate` of an answer. */
export const FalseMatchRateField = (): PropertyDecorator =>
  ApiPropertyOptional({
    description: 'Only from a service with a calibration: how often two different people score as high.',
    type: FalseMatchRateDto,
  });

/** Whether two faces match, and what else the service’s settings say of their similarity. */
export interface VerdictDto {
  readonly match: boolean;
  readonly decision?: Decision;
  readonly false_match_rate?: FalseMatchRateDto;
}
