import type { FaceSelection, FaceWarning } from '#face';
import type { Settings } from '../config/settings.js';
import { ServiceError } from '../errors/service-error.js';
import type { Fields } from '../faces/plain.js';
import type { WantedThreshold } from '../inference/score-meaning.js';
import type { MatchOptionsDto } from './dto/match-options.dto.js';

/** Options of everything that compares faces. */
export interface MatchOptions {
  readonly wanted: WantedThreshold;
  /** Minimum detection confidence of a face, 0 to 1. */
  readonly minConfidence: number;
  readonly selection: FaceSelection;
  /** Faces with one of these warnings are refused. */
  readonly rejectOn: readonly FaceWarning[];
}

/**
 * The options of a request; omitted ones default to the service's settings.
 *
 * @throws ServiceError INVALID_REQUEST if both a threshold and a false match rate are wanted
 */
export function matchOptions(sent: Fields<MatchOptionsDto>, { minConfidence, faceSelection }: Settings): MatchOptions {
  const { threshold, false_match_rate: falseMatchRate } = sent;
  if (threshold !== undefined && falseMatchRate !== undefined) {
    throw new ServiceError('INVALID_REQUEST', 'Send either threshold or false_match_rate, not both.');
  }
  return {
    wanted: { threshold, falseMatchRate },
    minConfidence: sent.min_confidence ?? minConfidence,
    selection: sent.face_selection ?? faceSelection,
    rejectOn: sent.reject_on ?? [],
  };
}
