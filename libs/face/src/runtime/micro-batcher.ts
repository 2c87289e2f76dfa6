/** How many items may go together, and how long the first of them waits for the others. */
export interface BatchLimits {
  /** The most items in one batch, at least 1. */
  readonly maxItems: number;
  /** The longest an item waits for others, in milliseconds. */
  readonly maxWaitMs: number;
}

/** An item, and the caller that waits for what becomes of it. */
interface Waiting<I, O> {
  readonly item: I;
  /** When it has waited long enough, on the clock of `performance.now()`. */
  readonly dueAt: number;
  readonly resolve: (output: O) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Puts single items together and has them processed as one batch.
 *
 * A batch starts as soon as it is full or its oldest item has waited `maxWaitMs`, whichever comes first. One batch runs
 * at a time, because a session can do no better: items that come meanwhile are collected, and if one of them has waited
 * its time when the run ends, they start at once. So nobody waits for company longer than the limit; beyond it they only
 * wait for a session that is busy with those before them.
 *
 * Where a batch fails, its items run again one by one, so that only the one to blame fails. Nothing is kept of an item
 * once its caller has an answer.
 */
export class MicroBatcher<I, O> {
  #waiting: Waiting<I, O>[] = [];
  #running = false;
  #timer?: NodeJS.Timeout;

  /** @param runBatch gives one output for each item, in their order */
  constructor(
    private readonly runBatch: (items: readonly I[]) => Promise<readonly O[]>,
    private readonly limits: BatchLimits,
  ) {}

  /** Processes an item together with whatever else comes in time. Rejects with what `runBatch` throws on it alone. */
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
