import { MicroBatcher } from './micro-batcher.js';
import { type Batching, type ModelSignature, OnnxModel, type RuntimeOptions } from './onnx-model.js';

/** A model's outputs for one item, by name. Each array belongs to the caller. */
type Outputs<Output extends string> = Record<Output, Float32Array>;

/** A model whose inputs all have the same shape. They run one by one, or concurrent ones as a batch. */
export class BatchedModel<Output extends string> {
  readonly #batcher?: MicroBatcher<Float32Array, Outputs<Output>>;
  readonly #leastSize: number = 1;
  readonly #itemLength: number;

  private constructor(
    private readonly model: OnnxModel<Output>,
    private readonly itemDims: readonly number[],
    batching: Batching | undefined,
  ) {
    this.#itemLength = itemDims.reduce((product, dim) => product * dim, 1);
    if (batching === undefined || batching.maxItems === 1) return;
    this.#batcher = new MicroBatcher((items) => this.#runTogether(items), batching);
    if (batching.padBatches) this.#leastSize = batching.maxItems;
  }

  /**
   * Loads a model.
   *
   * @param itemDims the shape of one item: the model's input shape without its first dimension, the batch
   */
  static async load<Output extends string>(
    path: string,
    signature: ModelSignature<Output>,
    itemDims: readonly number[],
    runtime: RuntimeOptions,
  ): Promise<BatchedModel<Output>> {
    return new BatchedModel(await OnnxModel.load(path, signature, runtime), itemDims, runtime.batching);
  }

  /** @throws RangeError if the item's length does not match its shape */
  async run(item: Float32Array): Promise<Outputs<Output>> {
    if (item.length !== this.#itemLength) {
      throw new RangeError(`expected ${this.#itemLength} values but received ${item.length}`);
    }
    if (this.#batcher !== undefined) return this.#batcher.submit(item);
    const [outputs] = await this.#runTogether([item]);
    return outputs;
  }

  async #runTogether(items: readonly Float32Array[]): Promise<Outputs<Output>[]> {
    const size = Math.max(items.length, this.#leastSize);
    const results = await this.model.run(this.#join(items, size), [size, ...this.itemDims]);
    return items.map((_, i) => {
      const own = Object.entries<{ readonly data: Float32Array }>(results).map(([name, { data }]) => {
        const length = data.length / size;
        return [name, size === 1 ? data : data.slice(i * length, (i + 1) * length)];
      });
      return Object.fromEntries(own) as Outputs<Output>;
    });
  }

  #join(items: readonly Float32Array[], size: number): Float32Array {
    if (size === 1) return items[0];
    const joined = new Float32Array(size * this.#itemLength);
    for (const [i, item] of items.entries()) joined.set(item, i * this.#itemLength);
    return joined;
  }
}
