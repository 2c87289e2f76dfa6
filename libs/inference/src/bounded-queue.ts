/** A queued job. */
interface Waiting {
  readonly start: () => void;
}

/**
 * Runs at most `concurrency` jobs at a time and queues at most `limit` more, first come, first served.
 *
 * A queued job can be cancelled by its signal; a running one continues, because stopping it would cost a worker and all
 * its sessions. Several jobs are admitted together or not at all.
 */
export class BoundedQueue {
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(
    private readonly concurrency: number,
    private readonly limit: number,
  ) {}

  /** Number of queued jobs. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Number of running jobs. */
  get running(): number {
    return this.#running;
  }

  /** Whether `count` more jobs would be admitted. */
  hasRoomFor(count: number): boolean {
    const free = Math.max(0, this.concurrency - this.#running - this.#waiting.length);
    return this.#waiting.length + count - free <= this.limit;
  }

  /**
   * Runs a job as soon as there is a free slot. Check {@link hasRoomFor} first.
   *
   * @param signal removes the job from the queue when aborted; the promise then rejects with its reason
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
