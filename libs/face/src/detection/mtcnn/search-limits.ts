import { longerSide, type Candidate } from './candidate.js';

/**
 * How much of a photograph is looked at. The answer needs its largest face; photographs with up to twenty faces stay below
 * all of these limits (docs/decisions/0008), and get the answer of a search without any.
 */
export interface SearchLimits {
  /** The most of P-net's windows of one level of the pyramid, surest first; a crowd or a texture has tens of thousands. */
  readonly windowsPerLevel: number;
  /** The most proposals of one level: windows of which none overlaps a surer one, surest first. */
  readonly proposalsPerLevel: number;
  /** So many proposals are looked at before the next level, even where none of them could end the search. */
  readonly waiting: number;
  /** The most boxes that R-net and O-net look at, in all. */
  readonly refined: number;
  readonly decided: number;
  /** More faces than this are a crowd. */
  readonly crowd: number;
  /** O-net's boxes are looked at in parts of this many: when one of them shows a crowd, the rest is left. */
  readonly part: number;
  /** The most boxes that they look at with each further level; in a crowd a sample of each level is enough. */
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

/** Where all faces are asked for, there are no steps, and a crowd is no reason to leave the rest. */
export const EVERY_FACE: SearchLimits = {
  ...BOUNDED,
  crowd: Infinity,
  perStep: { refined: BOUNDED.refined, decided: BOUNDED.decided },
};

const WITHOUT_LIMIT: StepLimits = { refined: Infinity, decided: Infinity };

/** Every window of every level: what the reference does. */
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

/** Of too many candidates one half for being the largest, the other half for being the surest. */
export function mostPromising<T extends Candidate>(candidates: readonly T[], count: number): T[] {
  if (candidates.length <= count) return [...candidates];
  const bySize = [...candidates].sort((a, b) => longerSide(b) - longerSide(a));
  const largest = bySize.slice(0, Math.floor(count / 2));
  const rest = bySize.slice(largest.length).sort((a, b) => b.score - a.score);
  return [...largest, ...rest.slice(0, count - largest.length)];
}
