import type { Photograph } from '../../image/photograph.js';
import { BatchedModel } from '../../runtime/batched-model.js';
import type { RuntimeOptions } from '../../runtime/onnx-model.js';
import type { NetworkName } from '../detectors.js';
import type { DetectedFace, FaceSearch } from '../face-detector.js';
import { nameLandmarks, type Point } from '../landmarks.js';
import { type AnchorLayer, anchorCentres } from './anchors.js';
import { BLAZEFACE } from './blazeface.js';
import { decodeDetections, type Detection } from './decode.js';
import { fromLetterbox, letterbox, type Letterbox, letterboxTensor } from './letterbox.js';
import { weightedNonMaximumSuppression } from './weighted-nms.js';

/** The properties in which BlazeFace networks differ. */
export interface BlazeFaceVariant {
  readonly name: NetworkName;
  /** Side of the square input in pixels. */
  readonly side: number;
  readonly layers: readonly AnchorLayer[];
  readonly minScore: number;
}

/**
 * MediaPipe's `model_selection=1`: faces up to about five metres away. The minimum score is the one built into
 * MediaPipe's graph; in 0.10.14 `min_detection_confidence` does not reach it.
 */
export const FULL_RANGE: BlazeFaceVariant = {
  name: 'blazeface-full-range',
  side: 192,
  layers: [{ size: 48, perCell: 1 }],
  minScore: 0.6,
};

/** MediaPipe's `model_selection=0`: faces within two metres, which may fill the frame. */
export const SHORT_RANGE: BlazeFaceVariant = {
  name: 'blazeface-short-range',
  side: 128,
  layers: [
    { size: 16, perCell: 2 },
    { size: 8, perCell: 6 },
  ],
  minScore: 0.5,
};

/** One BlazeFace network (arXiv:1907.05047) as MediaPipe runs it. */
export class BlazeFaceNetwork implements FaceSearch {
  readonly #anchors: readonly Point[];

  private constructor(
    private readonly model: BatchedModel<'boxes' | 'scores'>,
    private readonly variant: BlazeFaceVariant,
  ) {
    this.#anchors = anchorCentres(variant.layers);
  }

  static async load(path: string, variant: BlazeFaceVariant, runtime: RuntimeOptions): Promise<BlazeFaceNetwork> {
    const signature = { input: 'image', outputs: ['boxes', 'scores'] as const };
    return new BlazeFaceNetwork(
      await BatchedModel.load(path, signature, [3, variant.side, variant.side], runtime),
      variant,
    );
  }

  async detect(photograph: Photograph): Promise<DetectedFace[]> {
    const { side, name, minScore } = this.variant;
    const { boxes, scores } = await this.model.run(letterboxTensor(photograph, side));
    const frame = letterbox(photograph, side);
    const detections = decodeDetections(boxes, scores, this.#anchors, side, minScore);
    return weightedNonMaximumSuppression(detections).map((detection) => toFace(detection, frame, side, name));
  }
}

function toFace(detection: Detection, frame: Letterbox, side: number, foundBy: NetworkName): DetectedFace {
  const [x1, y1] = fromLetterbox([detection.x1, detection.y1], frame, side);
  const [x2, y2] = fromLetterbox([detection.x2, detection.y2], frame, side);
  return {
    box: { x1, y1, x2, y2 },
    confidence: detection.score,
    landmarks: nameLandmarks(
      BLAZEFACE.landmarks,
      detection.keypoints.map((point) => fromLetterbox(point, frame, side)),
    ),
    foundBy,
  };
}
