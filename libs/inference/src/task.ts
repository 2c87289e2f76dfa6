import type { AllFacesQuery, FaceAnalysis, FaceDetection, FaceEmbeddings, FaceQuery } from '#face';

/** The tasks for a photograph, with their queries and results. Each is a method of FaceAnalyser. */
export interface Tasks {
  /** Finds every face. */
  readonly detect: { readonly query: AllFacesQuery; readonly result: FaceDetection };
  /** Finds every face and embeds it. */
  readonly embed: { readonly query: AllFacesQuery; readonly result: FaceEmbeddings };
  /** Selects one face and embeds it. */
  readonly analyse: { readonly query: FaceQuery; readonly result: FaceAnalysis };
}

export type TaskKind = keyof Tasks;

/** A task of one kind, chosen by the endpoint. */
export interface Task<Kind extends TaskKind> {
  readonly kind: Kind;
  readonly query: Tasks[Kind]['query'];
}

/** A task of any kind. */
export type AnyTask = { [Kind in TaskKind]: Task<Kind> }[TaskKind];

/**
 * The number of slots that a photograph takes, by task. A slot is the duration of one `analyse`; an `embed` runs the
 * embedder, about half of that, for every face.
 */
export const SLOTS: Readonly<Record<TaskKind, number>> = { detect: 1, analyse: 1, embed: 2 };
