import { nonMaximumSuppression } from '../../geometry/nms.js';
import type { IntegralImage } from '../../image/integral-image.js';
import { type FloatTensor, OnnxModel, type RuntimeOptions } from '../../runtime/onnx-model.js';
import type { Candidate, CornerOffsets } from './candidate.js';
import { MTCNN_NORMALISATION } from './normalisation.js';
import { P_NET_WINDOW, type PyramidLevel } from './pyramid.js';

/** P-net is a 12×12 network slid over the image in steps of two pixels. */
const STRIDE = 2;

const MIN_PROBABILITY = 0.6;
const MAX_OVERLAP = 0.5;

/** A 12×12 window that looks like a face, as a box of the photograph, and how the face lies in it. */
export interface Proposal extends Candidate {
  readonly offsets: CornerOffsets;
}

/** The proposal network: slides over one level of the pyramid and proposes boxes. */
export class PNet {
  private constructor(private readonly model: OnnxModel<'offsets' | 'probability'>) {}

  static async load(path: string, runtime: RuntimeOptions): Promise<PNet> {
    const signature = { input: 'image', outputs: ['offsets', 'probability'] as const };
    return new PNet(await OnnxModel.load(path, signature, runtime, false));
  }

  /** Proposes windows of one level of the pyramid, overlapping ones suppressed. */
  async propose(image: IntegralImage, level: PyramidLevel): Promise<Proposal[]> {
    const { width, height } = level;
    const input = new Float32Array(3 * height * width);
    image.average({ x: 0, y: 0, width: image.width, height: image.height }, level, MTCNN_NORMALISATION, {
      data: input,
      offset: 0,
    });
    const { offsets, probability } = await this.model.run(input, [1, 3, height, width]);
    return nonMaximumSuppression(likelyWindows(offsets, probability, level.scale), MAX_OVERLAP);
  }
}

function likelyWindows(offsets: FloatTensor, probability: FloatTensor, scale: number): Proposal[] {
  const columns = probability.dims[2];
  const plane = probability.data.length;
  const proposals: Proposal[] = [];
  for (let i = 0; i < plane; i++) {
    const score = probability.data[i];
    if (score < MIN_PROBABILITY) continue;
    const x = STRIDE * (i % columns);
    const y = STRIDE * Math.floor(i / columns);
    const at = (k: number): number => offsets.data[i + k * plane];
    proposals.push({
      x1: Math.floor((x + 1) / scale),
      y1: Math.floor((y + 1) / scale),
      x2: Math.floor((x + P_NET_WINDOW) / scale),
      y2: Math.floor((y + P_NET_WINDOW) / scale),
      score,
      offsets: [at(0), at(1), at(2), at(3)],
    });
  }
  return proposals;
}

/** Moves a proposal's corners to the face. Unlike the later stages', P-net's boxes count without the extra pixel. */
export function regressProposal({ x1, y1, x2, y2, score, offsets: [dx1, dy1, dx2, dy2] }: Proposal): Candidate {
  const width = x2 - x1;
  const height = y2 - y1;
  return { x1: x1 + dx1 * width, y1: y1 + dy1 * height, x2: x2 + dx2 * width, y2: y2 + dy2 * height, score };
}
