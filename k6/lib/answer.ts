import type { RefinedResponse } from 'k6/http';
import type { Case } from './cases.ts';

/** A response of the service. */
export type Answer = RefinedResponse<'text'>;

/** The expected status of a case. */
export const rightStatus = ({ expected }: Case): number => ('match' in expected ? 200 : 422);

/** Whether a response has the expected verdict, or blames the photograph without a face. */
export function isRight({ status, body }: Answer, pair: Case): boolean {
  if (status !== rightStatus(pair)) return false;
  const { expected } = pair;
  const { match, code, image } = parsed(body);
  return 'match' in expected ? match === expected.match : code === 'NO_FACE' && image === expected.noFaceIn;
}

/** Whether the queue was full, as opposed to a broken service. */
export const isOverloaded = ({ body }: Answer): boolean => parsed(body).code === 'OVERLOADED';

/** The Retry-After of a 503 in seconds, if any. */
export const retryAfter = ({ headers }: Answer): number => Number(headers['Retry-After']);

interface AnswerBody {
  readonly match?: boolean;
  readonly code?: string;
  readonly image?: number;
}

/** A body that is not JSON does not come from the service, and must not end an iteration before its check. */
function parsed(text: string): AnswerBody {
  try {
    return JSON.parse(text) as AnswerBody;
  } catch {
    return {};
  }
}
