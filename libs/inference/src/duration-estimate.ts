/** The weight of the newest value once there are many: the average covers about the last fifty. */
const SMOOTHING = 0.02;

/** The safety margin in standard deviations. */
const SAFETY = 5;

/** Fewer durations than this say too little: a burst of requests would be refused for them. */
const MIN_KNOWN = 24;

/** A longer task, as a multiple of the average, counts as one of this length: a single one says little about the next ones. */
const MAX_OUTLIER = 10;

/**
 * A conservative estimate of the duration of tasks: the moving average of completed ones, plus a margin that grows with
 * the number of tasks, with the variance of their durations, and the fewer of them are known.
 */
export class DurationEstimate {
  #toSkip: number;
  #count = 0;
  #mean = 0;
  #meanSquare = 0;

  /** @param skipped number of first tasks to ignore: a worker takes several times as long for them */
  constructor(skipped = 0) {
    this.#toSkip = skipped;
  }

  /** Adds the duration of a completed task in milliseconds. */
  add(ms: number): void {
    if (this.#toSkip > 0) {
      this.#toSkip--;
      return;
    }
    this.#count++;
    const weight = Math.max(1 / this.#count, SMOOTHING);
    const counted = this.#count === 1 ? ms : Math.min(ms, MAX_OUTLIER * this.#mean);
    this.#mean += weight * (counted - this.#mean);
    this.#meanSquare += weight * (counted ** 2 - this.#meanSquare);
  }

  /** @returns the estimated milliseconds for this many sequential tasks; 0 while too few are known */
  of(tasks: number): number {
    if (this.#count < MIN_KNOWN) return 0;
    const variance = Math.max(0, this.#meanSquare - this.#mean ** 2);
    // The variance of the tasks' sum, plus that of the average times their number.
    const ofAverage = Math.max(1 / this.#count, SMOOTHING / 2);
    const deviation = Math.sqrt(variance * (tasks + tasks ** 2 * ofAverage));
    return tasks * this.#mean + SAFETY * deviation;
  }
}
