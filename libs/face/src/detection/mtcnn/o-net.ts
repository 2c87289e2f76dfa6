import { nonMaximumSuppression } from '../../geometry/nms.js';
import type { IntegralImage } from '../../image/integral-image.js';
import { OnnxModel, type RuntimeOptions } from '../../runtime/onnx-model.js';
import type { DetectedFace, Point } from '../face-detector.js';
import { applyOffsets, type Candidate, cornerOffsets } from './candidate.js';
import { cutPatches } from './patches.js';

const SIDE = 48;
const MIN_PROBABILITY = 0.7;
const MAX_OVERLAP = 0.7;
const LANDMARKS = 5;

/** The output network: decides, moves the box a last time and marks five points. */
export class ONet {
  private constructor(private readonly model: OnnxModel<'landmarks' | 'offsets' | 'probability'>) {}

  static async load(path: string, runtime: RuntimeOptions): Promise<ONet> {
    const signature = { input: 'image', outputs: ['landmarks', 'offsets', 'probability'] as const };
    return new ONet(await OnnxModel.load(path, signature, runtime, false));
  }

  /** @param refined square boxes */
  async decide(image: IntegralImage, refined: readonly Candidate[]): Promise<DetectedFace[]> {
    const { candidates, data, dims } = cutPatches(image, refined, SIDE);
    if (candidates.length === 0) return [];
    const { landmarks, offsets, probability } = await this.model.run(data, dims);
    const faces = candidates.flatMap((candidate, i) => {
      const score = probability.data[i];
      if (score <= MIN_PROBABILITY) return [];
      const points = landmarkPoints(candidate, landmarks.data.subarray(2 * LANDMARKS * i, 2 * LANDMARKS * (i + 1)));
      return [{ ...applyOffsets({ ...candidate, score }, cornerOffsets(offsets.data, i)), points }];
    });
    return nonMaximumSuppression(faces, MAX_OVERLAP, 'smaller').map(({ score, points, ...box }) => ({
      box,
      confidence: score,
      landmarks: points,
      foundBy: 'mtcnn',
    }));
  }
}

/** O-net gives five x, then five y, in parts of the square it was shown. */
function landmarkPoints({ x1, y1, x2, y2 }: Candidate, values: Float32Array): Point[] {
  const width = x2 - x1 + 1;
  const height = y2 - y1 + 1;
  return Array.from({ length: LANDMARKS }, (_, k) => [
    x1 - 1 + values[k] * width,
    y1 - 1 + values[LANDMARKS + k] * height,
  ]);
}
