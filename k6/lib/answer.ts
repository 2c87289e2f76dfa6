import type { RefinedResponse } from 'k6/http';
import type { Case } from './cases.ts';

/** What the service said. */
export type Answer = RefinedResponse<'text'>;

/** The status that is right for a case. */
export const rightStatus = ({ expected }: Case): number => ('match' in expected ? 200 : 422);

/** Whether an answer has the verdict of a case, or blames the photograph that shows no face. */
export function isRight({ status, body }: Answer, pair: Case): boolean {
  if (status !== rightStatus(pair)) return false;
  const { expected } = pair;
  const { match, code, image } = parsed(body);
  return 'match' in expected ? match === expected.match : code === 'NO_FACE' && image === expected.noFaceIn;
}

/** Whether too many photographs were waiting, as against a service that is out of order. */
export const isOverloaded = ({ body }: Answer): boolean => parsed(body).code === 'OVERLOADED';

/** Seconds a 503 asks to wait, where it does. */
export const retryAfter = ({ headers }: Answer): number => Number(headers['Retry-After']);

interface AnswerBody {
  readonly match?: boolean;
  readonly code?: string;
  readonly image?: number;
}

/** What is not JSON comes from something else than the service, and must not end an iteration before its check. */
function parsed(text: string): AnswerBody {
  try {
    return JSON.parse(text) as AnswerBody;
  } catch {
    return {};
  }
}
