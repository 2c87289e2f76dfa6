import type { ErrorCode } from '../../apps/api/src/errors/error-table.js';

/** One request and what may come of it. */
export interface FuzzCase {
  /** What was mutated; for the figures. */
  readonly kind: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The errors it may be answered with; any that is the caller's to mend, where left out. */
  readonly codes?: readonly ErrorCode[];
}
