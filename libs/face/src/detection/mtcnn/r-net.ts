import type { Checkpoint } from '../../checkpoint.js';
import type { IntegralImage } from '../../image/integral-image.js';
import type { RuntimeOptions } from '../../runtime/onnx-model.js';
import { type Candidate, type CornerOffsets, cornerOffsets } from './candidate.js';
import { PatchNetwork } from './patch-network.js';

const SIDE = 24;
const MIN_PROBABILITY = 0.7;

/** A box that R-net classifies as a face, before its offsets are applied. */
export interface Refinement extends Candidate {
  readonly offsets: CornerOffsets;
}

/** The refinement network: re-evaluates each proposal and rejects most. */
export class RNet {
  private constructor(private readonly network: PatchNetwork<'offsets' | 'probability'>) {}

  static async load(path: string, runtime: RuntimeOptions): Promise<RNet> {
    return new RNet(await PatchNetwork.load(path, ['offsets', 'probability'], SIDE, runtime));
  }

  /**
   * @param squares to evaluate
   * @returns for each square the refinement, undefined if it is no face
   */
  async refine(
    image: IntegralImage,
    squares: readonly Candidate[],
    checkpoint: Checkpoint,
  ): Promise<(Refinement | undefined)[]> {
    const rows = await this.network.look(image, squares, checkpoint);
    return rows.map((row, i) => {
      if (row === undefined || row.probability[0] <= MIN_PROBABILITY) return undefined;
      return { ...squares[i], score: row.probability[0], offsets: cornerOffsets(row.offsets) };
    });
  }
}
