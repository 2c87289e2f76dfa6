/** The weight of the newest value, once there are many: what is known goes back to about the last fifty. */
const SMOOTHING = 0.02;

/**
 * So many values are needed before the estimate is half of what they say. The first ones are no guide: a worker takes two to
 * four times as long over them, and a burst of requests would be refused for it.
 */
const HALF_CONFIDENCE = 15;

/** How many standard deviations lie between what is likely and what is estimated. */
const SAFETY = 5;

/**
 * How long tasks take, on the safe side, going by those that have ended: their moving average, and for what chance adds a
 * margin that grows with the square root of the number of tasks, and with how much their durations differ.
 */
export class DurationEstimate {
  #count = 0;
  #mean = 0;
  #meanSquare = 0;

  /** Takes account of a task that took so many milliseconds. */
  add(ms: number): void {
    this.#count++;
    const weight = Math.max(1 / this.#count, SMOOTHING);
    this.#mean += weight * (ms - this.#mean);
    this.#meanSquare += weight * (ms ** 2 - this.#meanSquare);
  }

  /** Milliseconds that so many tasks take, one after the other; 0 before the first has ended, and little soon after that. */
  of(tasks: number): number {
    const variance = Math.max(0, this.#meanSquare - this.#mean ** 2);
    // The variance of the tasks' sum, and that of their number times a moving average.
    const deviation = Math.sqrt(variance * (tasks + (tasks ** 2 * SMOOTHING) / 2));
    const confidence = this.#count / (this.#count + HALF_CONFIDENCE);
    return confidence * (tasks * this.#mean + SAFETY * deviation);
  }
}
