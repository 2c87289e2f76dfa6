/** The size of a batch, and how long its first item waits for others. */
export interface BatchLimits {
  /** Maximum number of items in a batch, at least 1. */
  readonly maxItems: number;
  /** Maximum time an item waits for others, in milliseconds. */
  readonly maxWaitMs: number;
}

/** An item, and the caller waiting for its output. */
interface Waiting<I, O> {
  readonly item: I;
  /** When its wait ends, on the clock of `performance.now()`. */
  readonly dueAt: number;
  readonly resolve: (output: O) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Collects single items and processes them in batches.
 *
 * A batch starts as soon as it is full or its oldest item has waited `maxWaitMs`, whichever comes first. One batch runs
 * at a time, because a session cannot do more. Items that arrive meanwhile are collected; if one of them has waited
 * long enough when the run ends, they start at once. So no item waits for others longer than the limit, beyond which it
 * only waits for a busy session.
 *
 * If a batch fails, its items run again one by one, so that only the bad one fails. No item is kept once its caller has
 * its output.
 */
export class MicroBatcher<I, O> {
  #waiting: Waiting<I, O>[] = [];
  #running = false;
  #timer?: NodeJS.Timeout;

  /** @param runBatch returns one output per item, in order */
  constructor(
    private readonly runBatch: (items: readonly I[]) => Promise<readonly O[]>,
    private readonly limits: BatchLimits,
  ) {}

  /** Processes an item in a batch. Rejects with the error that `runBatch` throws for it alone. */
  submit(item: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, dueAt: performance.now() + this.limits.maxWaitMs, resolve, reject });
      this.#startIfDue();
    });
  }

  #startIfDue(): void {
    clearTimeout(this.#timer);
    const oldest = this.#waiting.at(0);
    if (this.#running || oldest === undefined) return;
    const left = oldest.dueAt - performance.now();
    if (this.#waiting.length < this.limits.maxItems && left > 0) {
      this.#timer = setTimeout(() => {
        this.#startIfDue();
      }, left);
      return;
    }
    void this.#run(this.#waiting.splice(0, this.limits.maxItems));
  }

  async #run(batch: readonly Waiting<I, O>[]): Promise<void> {
    this.#running = true;
    try {
      const outputs = await this.#outputs(batch);
      for (const [i, { resolve }] of batch.entries()) resolve(outputs[i]);
    } catch (error) {
      if (batch.length === 1) batch[0].reject(error);
      else for (const waiting of batch) await this.#runAlone(waiting);
    }
    this.#running = false;
    this.#startIfDue();
  }

  async #runAlone(waiting: Waiting<I, O>): Promise<void> {
    try {
      const [output] = await this.#outputs([waiting]);
      waiting.resolve(output);
    } catch (error) {
      waiting.reject(error);
    }
  }

  async #outputs(batch: readonly Waiting<I, O>[]): Promise<readonly O[]> {
    const outputs = await this.runBatch(batch.map(({ item }) => item));
    if (outputs.length === batch.length) return outputs;
    throw new RangeError(`expected ${batch.length} outputs of the batch but received ${outputs.length}`);
  }
}
