import { longerSide, type Candidate } from './candidate.js';

/**
 * Limits on the work per photograph, of which only the largest face is needed. Photographs with up to twenty faces stay
 * below all of them (docs/decisions/0008) and get the same result as an unlimited search.
 */
export interface SearchLimits {
  /** P-net windows per pyramid level, highest scores first; a crowd or a texture has tens of thousands. */
  readonly windowsPerLevel: number;
  /** Proposals per level (windows left after non-maximum suppression), highest scores first. */
  readonly proposalsPerLevel: number;
  /** Once this many proposals are pending, they are evaluated even if none of them could end the search. */
  readonly waiting: number;
  /** Total number of boxes that R-net and O-net evaluate. */
  readonly refined: number;
  readonly decided: number;
  /** More faces than this count as a crowd. */
  readonly crowd: number;
  /** O-net evaluates boxes in chunks of this size and stops when the faces so far are a crowd. */
  readonly part: number;
  /** Number of boxes they evaluate per further level; in a crowd a sample of each level is enough. */
  readonly perStep: StepLimits;
  readonly perStepInCrowd: StepLimits;
}

export interface StepLimits {
  readonly refined: number;
  readonly decided: number;
}

export const BOUNDED: SearchLimits = {
  windowsPerLevel: 1024,
  proposalsPerLevel: 160,
  waiting: 128,
  refined: 1200,
  decided: 400,
  crowd: 20,
  part: 64,
  perStep: { refined: 600, decided: 160 },
  perStepInCrowd: { refined: 64, decided: 32 },
};

/** For all faces: no limits per step, and a crowd does not end the search. */
export const EVERY_FACE: SearchLimits = {
  ...BOUNDED,
  crowd: Infinity,
  perStep: { refined: BOUNDED.refined, decided: BOUNDED.decided },
};

const WITHOUT_LIMIT: StepLimits = { refined: Infinity, decided: Infinity };

/** Every window of every level, as in the reference. */
export const EXHAUSTIVE: SearchLimits = {
  ...WITHOUT_LIMIT,
  windowsPerLevel: Infinity,
  proposalsPerLevel: Infinity,
  waiting: Infinity,
  crowd: Infinity,
  part: Infinity,
  perStep: WITHOUT_LIMIT,
  perStepInCrowd: WITHOUT_LIMIT,
};

/** If there are too many candidates: one half by size, the other by score. */
export function mostPromising<T extends Candidate>(candidates: readonly T[], count: number): T[] {
  if (candidates.length <= count) return [...candidates];
  const bySize = [...candidates].sort((a, b) => longerSide(b) - longerSide(a));
  const largest = bySize.slice(0, Math.floor(count / 2));
  const rest = bySize.slice(largest.length).sort((a, b) => b.score - a.score);
  return [...largest, ...rest.slice(0, count - largest.length)];
}
