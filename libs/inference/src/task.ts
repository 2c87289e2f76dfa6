import type { AllFacesQuery, FaceAnalysis, FaceDetection, FaceEmbeddings, FaceQuery } from '#face';

/** What can be done with a photograph: what is asked for, and what comes back. Each is a method of FaceAnalyser. */
export interface Tasks {
  /** Finds every face. */
  readonly detect: { readonly query: AllFacesQuery; readonly result: FaceDetection };
  /** Finds every face and embeds it. */
  readonly embed: { readonly query: AllFacesQuery; readonly result: FaceEmbeddings };
  /** Finds the face that counts and embeds it. */
  readonly analyse: { readonly query: FaceQuery; readonly result: FaceAnalysis };
}

export type TaskKind = keyof Tasks;

/** A task of one kind; an endpoint chooses it. */
export interface Task<Kind extends TaskKind> {
  readonly kind: Kind;
  readonly query: Tasks[Kind]['query'];
}

/** A task of any kind. */
export type AnyTask = { [Kind in TaskKind]: Task<Kind> }[TaskKind];

/**
 * The places that a photograph takes, by what is done with it. A place is the time of one `analyse`; an `embed` runs the
 * embedder, about half of that, for every face.
 */
export const PLACES: Readonly<Record<TaskKind, number>> = { detect: 1, analyse: 1, embed: 2 };
