/** A process that lives for longer than this, in milliseconds, does not keep dying. */
const STEADY_MS = 60_000;

/** The first and the maximum delay between attempts, in milliseconds. */
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** When to replace a process: at once if it ran well, later and later if each replacement soon dies. */
export class Backoff {
  #delayMs = 0;

  /**
   * @param livedMs from the start of the process to its end, in milliseconds
   * @returns how long to wait before the next one is started, in milliseconds
   */
  next(livedMs: number): number {
    if (livedMs > STEADY_MS) this.#delayMs = 0;
    const wait = this.#delayMs;
    this.#delayMs = Math.min(LONGEST_DELAY_MS, Math.max(FIRST_DELAY_MS, 2 * wait));
    return wait;
  }
}
