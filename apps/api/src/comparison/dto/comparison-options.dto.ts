import { ApiPropertyOptional } from '@nestjs/swagger';
import { OptionalChoice } from '../../http/body/option-fields.js';
import { MatchOptionsDto } from './match-options.dto.js';

const FACES = ['selected', 'all'] as const;

/** Optional fields of a comparison. */
export class ComparisonOptionsDto extends MatchOptionsDto {
  @OptionalChoice('faces', FACES)
  @ApiPropertyOptional({
    description:
      'Which faces of image 2 are compared: the `selected` one (face_selection), or `all`; then `matches` lists each, and the best decides. The selected one where it is left out.',
    enum: FACES,
    example: 'selected',
  })
  readonly faces?: (typeof FACES)[number];
}
