import { nonMaximumSuppression } from '../../geometry/nms.js';
import type { IntegralImage } from '../../image/integral-image.js';
import { OnnxModel, type RuntimeOptions } from '../../runtime/onnx-model.js';
import { applyOffsets, type Candidate, cornerOffsets } from './candidate.js';
import { cutPatches } from './patches.js';

const SIDE = 24;
const MIN_PROBABILITY = 0.7;
const MAX_OVERLAP = 0.7;

/** The refinement network: looks at each proposal again, drops most and moves the rest. */
export class RNet {
  private constructor(private readonly model: OnnxModel<'offsets' | 'probability'>) {}

  static async load(path: string, runtime: RuntimeOptions): Promise<RNet> {
    const signature = { input: 'image', outputs: ['offsets', 'probability'] as const };
    return new RNet(await OnnxModel.load(path, signature, runtime, false));
  }

  /** @param proposals square boxes */
  async refine(image: IntegralImage, proposals: readonly Candidate[]): Promise<Candidate[]> {
    const { candidates, data, dims } = cutPatches(image, proposals, SIDE);
    if (candidates.length === 0) return [];
    const { offsets, probability } = await this.model.run(data, dims);
    const likely = candidates.flatMap((candidate, i) => {
      const score = probability.data[i];
      return score > MIN_PROBABILITY ? [{ ...candidate, score, offsets: cornerOffsets(offsets.data, i) }] : [];
    });
    return nonMaximumSuppression(likely, MAX_OVERLAP).map(({ offsets: moved, ...box }) => applyOffsets(box, moved));
  }
}
