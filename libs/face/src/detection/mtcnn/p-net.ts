import { nonMaximumSuppression } from '../../geometry/nms.js';
import type { IntegralImage } from '../../image/integral-image.js';
import { OnnxModel, type RuntimeOptions } from '../../runtime/onnx-model.js';
import type { Candidate, CornerOffsets } from './candidate.js';
import { MTCNN_NORMALISATION } from './normalisation.js';
import { P_NET_WINDOW, type PyramidLevel } from './pyramid.js';
import type { SearchLimits } from './search-limits.js';

/** P-net is a 12×12 network slid over the image in steps of two pixels. */
const STRIDE = 2;

const MIN_PROBABILITY = 0.6;
const MAX_OVERLAP = 0.5;

/**
 * The approximate maximum number of pixels per run: a run takes 150 bytes per pixel, and the runtime's arena never
 * shrinks. Larger levels are cut into strips.
 */
const MAX_STRIP = 64 * 1024;

/** Rows by which neighbouring strips overlap: a window's height without one step. */
const OVERLAP = P_NET_WINDOW - STRIDE;

/** The network's outputs for each window of a level: [rows, columns] and [4, rows, columns]. */
interface PNetOutputs {
  readonly probability: Float32Array;
  readonly offsets: Float32Array;
  readonly columns: number;
}

/** A 12×12 window that looks like a face, as a box in the photograph, and the offsets of the face in it. */
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

  /**
   * Proposes windows of one pyramid level after non-maximum suppression.
   *
   * @param limits how many windows and proposals of the level to keep, highest scores first
   */
  async propose(image: IntegralImage, level: PyramidLevel, limits: SearchLimits): Promise<Proposal[]> {
    const input = new Float32Array(3 * level.height * level.width);
    image.average({ x: 0, y: 0, width: image.width, height: image.height }, level, MTCNN_NORMALISATION, {
      data: input,
      offset: 0,
    });
    const windows = likelyWindows(await this.#run(input, level), level.scale, limits.windowsPerLevel);
    return nonMaximumSuppression(windows, MAX_OVERLAP, 'union', limits.proposalsPerLevel);
  }

  /** Runs the network on a level, in strips if it is large; the result is the same as for a single run. */
  async #run(input: Float32Array, { width, height }: PyramidLevel): Promise<PNetOutputs> {
    const columns = outputLength(width);
    const rows = outputLength(height);
    const probability = new Float32Array(rows * columns);
    const offsets = new Float32Array(4 * rows * columns);
    for (const { top, bottom } of strips(width, height)) {
      const strip = await this.model.run(cutRows(input, width, height, top, bottom), [1, 3, bottom - top, width]);
      const at = (top / STRIDE) * columns;
      probability.set(strip.probability.data, at);
      const length = strip.probability.data.length;
      for (let k = 0; k < 4; k++) {
        offsets.set(strip.offsets.data.subarray(k * length, (k + 1) * length), k * rows * columns + at);
      }
    }
    return { probability, offsets, columns };
  }
}

function likelyWindows({ probability, offsets, columns }: PNetOutputs, scale: number, limit: number): Proposal[] {
  const plane = probability.length;
  const minimum = leastProbability(probability, limit);
  const proposals: Proposal[] = [];
  for (let i = 0; i < plane; i++) {
    const score = probability[i];
    if (score < minimum) continue;
    const x = STRIDE * (i % columns);
    const y = STRIDE * Math.floor(i / columns);
    const at = (k: number): number => offsets[i + k * plane];
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

/** The probability threshold that at most `limit` windows reach. */
function leastProbability(probabilities: Float32Array, limit: number): number {
  const likely = probabilities.filter((probability) => probability >= MIN_PROBABILITY);
  return likely.length <= limit ? MIN_PROBABILITY : likely.sort()[likely.length - limit];
}

/** Moves a proposal's corners to the face. Unlike in the later stages, P-net's boxes have no extra pixel. */
export function regressProposal({ x1, y1, x2, y2, score, offsets: [dx1, dy1, dx2, dy2] }: Proposal): Candidate {
  const width = x2 - x1;
  const height = y2 - y1;
  return { x1: x1 + dx1 * width, y1: y1 + dy1 * height, x2: x2 + dx2 * width, y2: y2 + dy2 * height, score };
}

/** Windows along an axis: three convolutions of 3, with a pooling of 2 that rounds up after the first. */
const outputLength = (length: number): number => Math.ceil((length - 2) / STRIDE) - 4;

/** The rows of a level for each run: they start at even rows, so that the windows match those of the whole level. */
export function strips(width: number, height: number): { readonly top: number; readonly bottom: number }[] {
  const rows = Math.max(2 * P_NET_WINDOW, STRIDE * Math.floor(MAX_STRIP / width / STRIDE));
  const all = [];
  for (let top = 0; ; top += rows - OVERLAP) {
    const bottom = Math.min(top + rows, height);
    all.push({ top, bottom });
    if (bottom === height) return all;
  }
}

/** A range of rows of all three planes. */
function cutRows(planes: Float32Array, width: number, height: number, top: number, bottom: number): Float32Array {
  if (bottom - top === height) return planes;
  const length = (bottom - top) * width;
  const cut = new Float32Array(3 * length);
  for (let channel = 0; channel < 3; channel++) {
    const from = (channel * height + top) * width;
    cut.set(planes.subarray(from, from + length), channel * length);
  }
  return cut;
}
