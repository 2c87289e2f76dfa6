/** A photograph of a known person. */
export interface LabelledPhotograph {
  readonly path: string;
  /** What the user knows it by: its path relative to the input. */
  readonly name: string;
  /** Whom it shows: a number from 0. */
  readonly person: number;
}

/** A pair that the input lists, rather than one of all possible pairs. */
export interface ListedPair {
  /** Indices of the photographs. */
  readonly first: number;
  readonly second: number;
  readonly same: boolean;
  /** What the input says about the pair, such as an age group; empty if it says nothing. */
  readonly group: string;
}

/** Photographs of known people. */
export interface LabelledInput {
  /** Ordered by person. */
  readonly photographs: readonly LabelledPhotograph[];
  /** Number of people. */
  readonly people: number;
  /** The pairs to compare; every pair of photographs if left out. */
  readonly pairs?: readonly ListedPair[];
  /** What was left out, in one line each. */
  readonly notes: readonly string[];
}
