import { toFace } from '../../faces/face-response.js';
import { roundMs } from '../../faces/rounding.js';
import { imageMetrics } from '../compare-response.js';
import { toVerdict } from '../verdict-response.js';
import type { CandidateProblemDto, CandidateResultDto, ManyResponseDto } from './dto/many-response.dto.js';
import type { CandidateCode, CandidateProblem } from './candidate-problem.js';
import type { ComparedCandidate, ManyComparison } from './many.service.js';

/** Converts verdicts to their wire format. */
export const toManyResponse = (
  { reference, compared, failed }: ManyComparison,
  threshold: number,
  totalMs: number,
): ManyResponseDto => ({
  results: [
    ...compared.map(toResult),
    ...failed.map(({ index, problem }): CandidateResultDto => ({ index, problem: toProblemDto(problem) })),
  ],
  partial: failed.some(({ problem }) => UNFINISHED.has(problem.code)),
  threshold_used: threshold,
  reference_metrics: imageMetrics(reference),
  total_processing_time_ms: roundMs(totalMs),
});

/** The problems that are not the candidate's: it may well be compared when it is sent again. */
const UNFINISHED: ReadonlySet<CandidateCode> = new Set(['NOT_DONE', 'OVERLOADED', 'WORKER_LOST', 'INTERNAL']);

const toResult = ({ index, similarity, verdict, face }: ComparedCandidate): CandidateResultDto => ({
  index,
  similarity,
  ...toVerdict(verdict),
  ...(face !== undefined && { face: toFace(face) }),
});

const toProblemDto = ({ code, detail, reasons }: CandidateProblem): CandidateProblemDto => ({
  code,
  detail,
  ...(reasons.length > 0 && { reasons }),
});
