/** Limit and default of `max_faces`, which says how many faces of a photograph are reported. */
export const MOST_FACES = 100;
export const DEFAULT_MAX_FACES = 20;
