import type { Checkpoint } from '../../checkpoint.js';
import type { IntegralImage } from '../../image/integral-image.js';
import { OnnxModel, type RuntimeOptions } from '../../runtime/onnx-model.js';
import type { Candidate } from './candidate.js';
import { cutPatches, type Patches, pixelRegion } from './patches.js';

/** Maximum number of patches per run. O-net takes half a megabyte for each, and the runtime's arena never shrinks. */
const MAX_BATCH = 16;

/** A network's result for one patch: one row of each output. */
export type Row<Output extends string> = Readonly<Record<Output, Float32Array>>;

/** Runs a network on square patches of a photograph, in batches of a few sizes, so memory is bounded. */
export class PatchNetwork<Output extends string> {
  private constructor(
    private readonly model: OnnxModel<Output>,
    private readonly outputs: readonly Output[],
    private readonly side: number,
  ) {}

  /** @param side of the network's input in pixels */
  static async load<Output extends string>(
    path: string,
    outputs: readonly Output[],
    side: number,
    runtime: RuntimeOptions,
  ): Promise<PatchNetwork<Output>> {
    return new PatchNetwork(await OnnxModel.load(path, { input: 'image', outputs }, runtime, false), outputs, side);
  }

  /**
   * @param squares to evaluate
   * @returns for each square the network's outputs, undefined if it is outside the image
   */
  async look(
    image: IntegralImage,
    squares: readonly Candidate[],
    checkpoint: Checkpoint,
  ): Promise<(Row<Output> | undefined)[]> {
    const rows: (Row<Output> | undefined)[] = Array.from({ length: squares.length });
    const patches = squares.flatMap((square, at) => {
      const region = pixelRegion(square, image);
      return region === undefined ? [] : [{ at, region }];
    });
    let from = 0;
    for (const size of batchSizes(patches.length)) {
      checkpoint();
      const batch = patches.slice(from, from + size);
      const regions = batch.map(({ region }) => region);
      const results = await this.lookAt(cutPatches(image, regions, this.side));
      batch.forEach(({ at }, i) => (rows[at] = results[i]));
      from += size;
    }
    return rows;
  }

  /**
   * @param patches of this network's input size, at most one batch
   * @returns for each patch the network's outputs
   */
  async lookAt({ data, dims }: Patches): Promise<Row<Output>[]> {
    const results = await this.model.run(data, dims);
    return Array.from({ length: dims[0] }, (_, i) => this.#row(results, i, dims[0]));
  }

  #row(results: Record<Output, { readonly data: Float32Array }>, i: number, size: number): Row<Output> {
    const own = this.outputs.map((name): [Output, Float32Array] => {
      const { data } = results[name];
      const length = data.length / size;
      return [name, data.subarray(i * length, (i + 1) * length)];
    });
    return Object.fromEntries(own) as Row<Output>;
  }
}

/**
 * Splits a number of patches into batches: full ones, then decreasing powers of two. The runtime thus sees only five
 * shapes, without padding.
 */
export function batchSizes(count: number): number[] {
  const sizes = Array<number>(Math.floor(count / MAX_BATCH)).fill(MAX_BATCH);
  for (let size = MAX_BATCH / 2; size >= 1; size /= 2) if (count & size) sizes.push(size);
  return sizes;
}
