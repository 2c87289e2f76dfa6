import type { Verdict } from '../inference/score-meaning.js';
import type { VerdictDto } from './dto/verdict.dto.js';

/** Converts a verdict to its wire format. */
export const toVerdict = ({ match, decision, falseMatchRate }: Verdict): VerdictDto => ({
  match,
  ...(decision !== undefined && { decision }),
  ...(falseMatchRate !== undefined && { false_match_rate: falseMatchRate }),
});
