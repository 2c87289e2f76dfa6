import type { ServiceError } from '../../errors/service-error.js';

/** The contents of a body, whether JSON or a form. */
export interface RequestInput {
  /** The route's photographs, in its order. */
  readonly photographs: readonly SentPhotograph[];
  /** The elements of the route's list, in the order sent; none if it has no list. */
  readonly items: readonly SentItem[];
  /** All other fields, by name. A form's numeric fields are already numbers, its lists already lists. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An element of a list of photographs. */
export interface SentItem {
  readonly photograph: SentPhotograph;
  /** Its other members, by name; none in a form. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What was sent for a photograph. */
export type SentPhotograph =
  | { readonly status: 'received'; readonly bytes: Uint8Array }
  /** Sent, but unusable. */
  | { readonly status: 'unusable'; readonly error: ServiceError }
  /** Missing or of the wrong type; the message says what the field must be. */
  | { readonly status: 'missing'; readonly message: string; readonly isSent: boolean };
