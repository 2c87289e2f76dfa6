import { ServiceError } from '../errors/service-error.js';
import type { WantedThreshold } from '../inference/score-meaning.js';

/** The options that decide which faces match, as sent. */
interface ThresholdOptions {
  readonly threshold?: number;
  readonly false_match_rate?: number;
}

/** @throws ServiceError INVALID_REQUEST if both a threshold and a false match rate are wanted */
export function wantedThreshold({ threshold, false_match_rate: falseMatchRate }: ThresholdOptions): WantedThreshold {
  if (threshold !== undefined && falseMatchRate !== undefined) {
    throw new ServiceError('INVALID_REQUEST', 'Send either threshold or false_match_rate, not both.');
  }
  return { threshold, falseMatchRate };
}
