import type { PaddedBox } from '../cropping/padded-box-cropper.js';
import type { RuntimeOptions } from '../runtime/onnx-model.js';
import type { FaceDetector } from './face-detector.js';
import type { LandmarkName } from './landmarks.js';
import type { ONet } from './mtcnn/o-net.js';

/** Everything the service needs to know about a detector. {@link DETECTORS} lists them. */
export interface DetectorDefinition {
  /** Display name. */
  readonly title: string;
  /** The roles of its models in the manifest, by the names that `load` uses. */
  readonly models: Readonly<Record<string, string>>;
  /** Its networks, by the names used in responses, and how far to trust each. */
  readonly networks: Readonly<Record<string, NetworkTraits>>;
  /** The landmarks it predicts, in the order used in responses. */
  readonly landmarks: readonly LandmarkName[];
  readonly crop: {
    /** Margin of the square around its boxes, as a fraction of the side. */
    readonly margin: number;
    /** How the established Python stack crops them. */
    readonly reference: PaddedBox;
  };
  /** Fallback detectors for when this one is unsure, in order. */
  readonly helpers: readonly string[];
  /**
   * Loads its models. Native code is imported only here, because the HTTP thread uses the definitions too.
   *
   * @param paths of the model files, by the names in `models`
   */
  load(paths: Readonly<Record<string, string>>, context: DetectorContext): Promise<FaceDetector>;
}

/** What detectors need to load. */
export interface DetectorContext {
  readonly runtime: RuntimeOptions;
  /** MTCNN's last network, which also verifies the faces of every detector. */
  readonly oNet: ONet;
}

/** How far to trust a network (docs/decisions/0012-second-opinion.md). */
export interface NetworkTraits {
  /** Minimum confidence to accept an upright face without verification; Infinity: always verify. */
  readonly certainFrom: number;
  /** Minimum confidence for a verified face to be certain. */
  readonly sureFrom: number;
  /** Minimum confidence of a face for it to count as another one in the photograph. */
  readonly countsFrom: number;
  /** Confidence below which other networks run too; 0: never. */
  readonly asksHelpersBelow: number;
  /** Whether it finds sideways and upside-down faces. */
  readonly findsTurnedFaces: boolean;
  /** Whether to trust it in a photograph that was rotated merely to see whether a face appears. */
  readonly isTrustedInTurned: boolean;
}
