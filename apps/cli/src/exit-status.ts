/** How a command ends: the exit statuses are those of grep and diff. */
export const EXIT = {
  /** The faces match; of other commands, success. */
  match: 0,
  /** The faces do not match, or there is no face. */
  noMatch: 1,
  /** Bad arguments, a photograph that cannot be compared, bad settings, missing models. */
  error: 2,
} as const;
