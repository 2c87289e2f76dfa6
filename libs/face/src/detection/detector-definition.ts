import type { PaddedBox } from '../cropping/padded-box-cropper.js';
import type { RuntimeOptions } from '../runtime/onnx-model.js';
import type { FaceDetector } from './face-detector.js';
import type { LandmarkName } from './landmarks.js';
import type { ONet } from './mtcnn/o-net.js';

/** All that the service has to know of a detector. {@link DETECTORS} lists them. */
export interface DetectorDefinition {
  /** As people write it. */
  readonly title: string;
  /** The roles of its models in the manifest, by the names that `load` knows them by. */
  readonly models: Readonly<Record<string, string>>;
  /** Its networks by the names that answers give them, and how far each is believed. */
  readonly networks: Readonly<Record<string, NetworkTraits>>;
  /** The points that it marks, in the order in which answers list them. */
  readonly landmarks: readonly LandmarkName[];
  readonly crop: {
    /** Margin of the square around its boxes, as a share of the side. */
    readonly margin: number;
    /** What the established Python stack cuts out around them. */
    readonly reference: PaddedBox;
  };
  /** The detectors that are asked, in this order, where this one is unsure. */
  readonly helpers: readonly string[];
  /**
   * Loads its models. Everything native is imported here and not before: a thread that only talks HTTP knows the
   * definitions, too.
   *
   * @param paths of the model files, by the names in `models`
   */
  load(paths: Readonly<Record<string, string>>, context: DetectorContext): Promise<FaceDetector>;
}

/** What detectors are loaded with. */
export interface DetectorContext {
  readonly runtime: RuntimeOptions;
  /** MTCNN's last network, which has a second look at the faces of every detector, too. */
  readonly oNet: ONet;
}

/** How far a network is believed (docs/decisions/0012-second-opinion.md). */
export interface NetworkTraits {
  /** The confidence from which an upright face is one without a second look; Infinity: none is. */
  readonly certainFrom: number;
  /** The confidence from which a face that the second look confirms is beyond doubt. */
  readonly sureFrom: number;
  /** The confidence below which other networks are asked, too; 0: they never are. */
  readonly asksHelpersBelow: number;
  /** Whether it finds faces that lie on their side or upside down. */
  readonly findsTurnedFaces: boolean;
  /** Whether it is believed in a photograph that was turned only to see whether it shows a face then. */
  readonly isTrustedInTurned: boolean;
}
