import type { IntegralImage } from '../../image/integral-image.js';
import { OnnxModel, type RuntimeOptions } from '../../runtime/onnx-model.js';
import { type Candidate, type CornerOffsets, cornerOffsets } from './candidate.js';
import { cutPatches } from './patches.js';

const SIDE = 24;
const MIN_PROBABILITY = 0.7;

/** A box that R-net takes for a face, not yet moved to where it sees it. */
export interface Refinement extends Candidate {
  readonly offsets: CornerOffsets;
}

/** The refinement network: looks at each proposal again and drops most. */
export class RNet {
  private constructor(private readonly model: OnnxModel<'offsets' | 'probability'>) {}

  static async load(path: string, runtime: RuntimeOptions): Promise<RNet> {
    const signature = { input: 'image', outputs: ['offsets', 'probability'] as const };
    return new RNet(await OnnxModel.load(path, signature, runtime, false));
  }

  /**
   * @param squares what to look at
   * @returns for each square what became of it, undefined where it is no face
   */
  async refine(image: IntegralImage, squares: readonly Candidate[]): Promise<(Refinement | undefined)[]> {
    const { seen, data, dims } = cutPatches(image, squares, SIDE);
    if (dims[0] === 0) return squares.map(() => undefined);
    const { offsets, probability } = await this.model.run(data, dims);
    return squares.map((square, i) => {
      const row = seen[i];
      if (row === undefined || probability.data[row] <= MIN_PROBABILITY) return undefined;
      return { ...square, score: probability.data[row], offsets: cornerOffsets(offsets.data, row) };
    });
  }
}
