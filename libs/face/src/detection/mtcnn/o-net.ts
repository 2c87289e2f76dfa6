import type { IntegralImage } from '../../image/integral-image.js';
import { OnnxModel, type RuntimeOptions } from '../../runtime/onnx-model.js';
import type { Point } from '../face-detector.js';
import { applyOffsets, type Candidate, cornerOffsets } from './candidate.js';
import { cutPatches } from './patches.js';

const SIDE = 48;
const MIN_PROBABILITY = 0.7;
const LANDMARKS = 5;

/** A face, before overlapping ones are dropped. */
export interface OutputFace extends Candidate {
  readonly landmarks: readonly Point[];
}

/** The output network: decides, moves the box a last time and marks five points. */
export class ONet {
  private constructor(private readonly model: OnnxModel<'landmarks' | 'offsets' | 'probability'>) {}

  static async load(path: string, runtime: RuntimeOptions): Promise<ONet> {
    const signature = { input: 'image', outputs: ['landmarks', 'offsets', 'probability'] as const };
    return new ONet(await OnnxModel.load(path, signature, runtime, false));
  }

  /**
   * @param squares what to look at
   * @returns for each square the face in it, undefined where there is none
   */
  async decide(image: IntegralImage, squares: readonly Candidate[]): Promise<(OutputFace | undefined)[]> {
    const { seen, data, dims } = cutPatches(image, squares, SIDE);
    if (dims[0] === 0) return squares.map(() => undefined);
    const { landmarks, offsets, probability } = await this.model.run(data, dims);
    return squares.map((square, i) => {
      const row = seen[i];
      if (row === undefined || probability.data[row] <= MIN_PROBABILITY) return undefined;
      const points = landmarks.data.subarray(2 * LANDMARKS * row, 2 * LANDMARKS * (row + 1));
      const candidate = { ...square, score: probability.data[row] };
      return {
        ...applyOffsets(candidate, cornerOffsets(offsets.data, row)),
        landmarks: landmarkPoints(square, points),
      };
    });
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
