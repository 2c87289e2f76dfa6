/** A share of errors among pairs or photographs. */
export interface Rate {
  readonly errors: number;
  readonly of: number;
  /** `errors` / `of`. */
  readonly rate: number;
  /** The 95 % interval. */
  readonly low: number;
  readonly high: number;
}
