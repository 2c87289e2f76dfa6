import type { ErrorCode } from '../../apps/api/src/errors/error-table.js';

/** A request and its acceptable outcomes. */
export interface FuzzCase {
  /** What was mutated, for the statistics. */
  readonly kind: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The acceptable errors; any client error if omitted. */
  readonly codes?: readonly ErrorCode[];
}
