import type { Checkpoint } from '../../checkpoint.js';
import type { IntegralImage } from '../../image/integral-image.js';
import type { RgbImage } from '../../image/rgb-image.js';
import { sampleSquare, type TurnedSquare } from '../../image/turned-square.js';
import type { RuntimeOptions } from '../../runtime/onnx-model.js';
import { type Landmarks, nameLandmarks, type Point } from '../landmarks.js';
import { applyOffsets, type Candidate, cornerOffsets } from './candidate.js';
import { MTCNN } from './mtcnn.js';
import { MTCNN_NORMALISATION } from './normalisation.js';
import { PatchNetwork } from './patch-network.js';

const SIDE = 48;
const MIN_PROBABILITY = 0.7;
const LANDMARKS = MTCNN.landmarks.length;

/** A face, before non-maximum suppression. */
export interface OutputFace extends Candidate {
  readonly landmarks: Landmarks;
}

/** The output network: classifies, refines the box a last time and predicts five landmarks. */
export class ONet {
  private constructor(private readonly network: PatchNetwork<'landmarks' | 'offsets' | 'probability'>) {}

  static async load(path: string, runtime: RuntimeOptions): Promise<ONet> {
    return new ONet(await PatchNetwork.load(path, ['landmarks', 'offsets', 'probability'], SIDE, runtime));
  }

  /**
   * @param squares to evaluate
   * @returns for each square its face, undefined if there is none
   */
  async decide(
    image: IntegralImage,
    squares: readonly Candidate[],
    checkpoint: Checkpoint,
  ): Promise<(OutputFace | undefined)[]> {
    const rows = await this.network.look(image, squares, checkpoint);
    return rows.map((row, i) => {
      if (row === undefined || row.probability[0] <= MIN_PROBABILITY) return undefined;
      const square = squares[i];
      return {
        ...applyOffsets({ ...square, score: row.probability[0] }, cornerOffsets(row.offsets)),
        landmarks: nameLandmarks(MTCNN.landmarks, landmarkPoints(square, row.landmarks)),
      };
    });
  }

  /**
   * The probabilities that rotated squares show an upright face.
   *
   * @param squares few: they run as one batch
   * @returns for each square a probability, 0 to 1
   */
  async probabilities(image: RgbImage, squares: readonly TurnedSquare[]): Promise<number[]> {
    const patchLength = 3 * SIDE * SIDE;
    const data = new Float32Array(squares.length * patchLength);
    squares.forEach((square, i) => {
      sampleSquare(image, square, SIDE, MTCNN_NORMALISATION, { data, offset: i * patchLength });
    });
    const rows = await this.network.lookAt({ data, dims: [squares.length, 3, SIDE, SIDE] });
    return rows.map(({ probability }) => probability[0]);
  }
}

/** O-net outputs five x, then five y, as fractions of its input square. */
function landmarkPoints({ x1, y1, x2, y2 }: Candidate, values: Float32Array): Point[] {
  const width = x2 - x1 + 1;
  const height = y2 - y1 + 1;
  return Array.from({ length: LANDMARKS }, (_, k) => [
    x1 - 1 + values[k] * width,
    y1 - 1 + values[LANDMARKS + k] * height,
  ]);
}
