import type { ErrorCode } from '../../errors/error-table.js';
import type { ServiceError } from '../../errors/service-error.js';

/** Problems that only candidates have. */
type OwnCode = 'INVALID_EMBEDDING' | 'WEIGHTS_MISMATCH' | 'NOT_DONE';

export type CandidateCode = ErrorCode | OwnCode;

/** Everything that can be wrong with a candidate. */
export const CANDIDATE_CODES: readonly CandidateCode[] = [
  'INVALID_REQUEST',
  'INVALID_BASE64',
  'INVALID_EMBEDDING',
  'WEIGHTS_MISMATCH',
  'UNSUPPORTED_FORMAT',
  'UNREADABLE_IMAGE',
  'IMAGE_TOO_LARGE',
  'TOO_MANY_PIXELS',
  'IMAGE_TOO_SMALL',
  'NO_FACE',
  'MULTIPLE_FACES',
  'LOW_QUALITY',
  'NOT_DONE',
  'WORKER_LOST',
  'OVERLOADED',
  'INTERNAL',
];

/** Why a candidate was not compared. */
export interface CandidateProblem extends Pick<ServiceError, 'reasons'> {
  readonly code: CandidateCode;
  readonly detail: string;
}

/** A problem that only candidates have. */
export const ownProblem = (code: OwnCode, detail: string): CandidateProblem => ({ code, detail, reasons: [] });

/** An error as a candidate's problem. */
export const toProblem = ({ code, message: detail, reasons }: ServiceError): CandidateProblem => ({
  code,
  detail,
  reasons,
});
