import type { ServiceError } from '../../errors/service-error.js';

/** What the body of a request holds, whether it came as JSON or as a form. */
export interface RequestInput {
  /** Those that the route takes, in its order. */
  readonly photographs: readonly SentPhotograph[];
  /** Everything else, by name. A form's numbers are numbers, too. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What came in the place of a photograph. */
export type SentPhotograph =
  | { readonly status: 'received'; readonly bytes: Uint8Array }
  /** It came, but cannot be used. */
  | { readonly status: 'unusable'; readonly error: ServiceError }
  /** Nothing came, or something of the wrong type; the message says what the field must be. */
  | { readonly status: 'missing'; readonly message: string };
