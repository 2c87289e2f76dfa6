/** A job that has been let in and waits for a place. */
interface Waiting {
  readonly start: () => void;
}

/**
 * Runs at most `concurrency` jobs at a time and lets at most `limit` more wait, first come, first served.
 *
 * A waiting job can be cancelled by its signal; a running one goes on, because stopping it would cost a worker and all
 * its sessions. Whoever asks for several places gets all of them or none.
 */
export class BoundedQueue {
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(
    private readonly concurrency: number,
    private readonly limit: number,
  ) {}

  /** Jobs that wait for a place. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Jobs that run. */
  get running(): number {
    return this.#running;
  }

  /** Whether `count` more jobs would be let in. */
  hasRoomFor(count: number): boolean {
    const free = Math.max(0, this.concurrency - this.#running - this.#waiting.length);
    return this.#waiting.length + count - free <= this.limit;
  }

  /**
   * Runs a job as soon as there is a place. Ask {@link hasRoomFor} first.
   *
   * @param signal while the job waits, aborting it gives up its place; the promise then rejects with its reason
   */
  run<T>(job: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal.reason as Error);
      };
      const entry: Waiting = {
        start: () => {
          signal.removeEventListener('abort', leave);
          this.#running++;
          job()
            .then(resolve, reject)
            .finally(() => {
              this.#running--;
              this.#startNext();
            });
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(entry);
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#running < this.concurrency) this.#waiting.shift()?.start();
  }
}
