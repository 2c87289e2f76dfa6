import type { DetectorName, FaceErrorCode, FaceQuality } from '#face';
import type { InferenceErrorCode } from '#inference';

/** Why a photograph gave no embedding: the service's code for it, or that its file cannot be read. */
export type AcquisitionFailure =
  | FaceErrorCode
  | Extract<InferenceErrorCode, 'DEADLINE_EXCEEDED' | 'WORKER_LOST' | 'INTERNAL'>
  | 'IMAGE_TOO_LARGE'
  | 'UNREADABLE_FILE';

/** What a detector and the embedder made of a photograph. */
export interface AcquiredFace {
  readonly embedding: Float32Array;
  readonly quality: FaceQuality;
}

/** The outcome for one photograph. */
export type Acquired = AcquiredFace | { readonly failure: AcquisitionFailure };

/** What became of every photograph, in their order. */
export interface Acquisition {
  /** With each detector. */
  readonly outcomes: ReadonlyMap<DetectorName, readonly Acquired[]>;
  /** The index of an earlier photograph of the same person whose file is the same, byte for byte, if there is one. */
  readonly copyOf: readonly (number | undefined)[];
}
