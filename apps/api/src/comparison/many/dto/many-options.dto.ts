import type { DetectorValue } from '../../../faces/detector-field.js';
import { Detector } from '../../../faces/dto/common-options.js';
import { MatchOptionsDto } from '../../dto/match-options.dto.js';

/** Optional fields of a comparison with many candidates. */
export class ManyOptionsDto extends MatchOptionsDto {
  @Detector()
  readonly detector?: DetectorValue;
}
