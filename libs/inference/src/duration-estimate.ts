/** The weight of the newest value, once there are many: the estimate goes back to about the last fifty. */
const SMOOTHING = 0.02;

/** How many standard deviations lie between the likely duration and the estimate. */
const SAFETY = 5;

/**
 * Estimates how long tasks take, on the safe side, from those that have ended: their moving average, and a margin for chance
 * that grows with the number of tasks, with how much their durations differ, and with how few of them are known.
 */
export class DurationEstimate {
  #toSkip: number;
  #count = 0;
  #mean = 0;
  #meanSquare = 0;

  /** @param skipped the first tasks, which say nothing about later ones: a worker takes several times as long over them */
  constructor(skipped = 0) {
    this.#toSkip = skipped;
  }

  /** Takes the duration of a task into account, in milliseconds. */
  add(ms: number): void {
    if (this.#toSkip > 0) {
      this.#toSkip--;
      return;
    }
    this.#count++;
    const weight = Math.max(1 / this.#count, SMOOTHING);
    this.#mean += weight * (ms - this.#mean);
    this.#meanSquare += weight * (ms ** 2 - this.#meanSquare);
  }

  /** @returns the milliseconds that this many tasks take, one after the other; 0 while no duration is known */
  of(tasks: number): number {
    if (this.#count === 0) return 0;
    const variance = Math.max(0, this.#meanSquare - this.#mean ** 2);
    // The variance of the tasks' sum, and that of their number times an average of so many values.
    const ofAverage = Math.max(1 / this.#count, SMOOTHING / 2);
    const deviation = Math.sqrt(variance * (tasks + tasks ** 2 * ofAverage));
    return tasks * this.#mean + SAFETY * deviation;
  }
}
