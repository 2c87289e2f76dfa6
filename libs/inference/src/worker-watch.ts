import type { Worker } from 'node:worker_threads';

/** Deaths within this time count together. */
const WINDOW_MS = 60_000;

/** So many deaths within the window are no accident any more. */
const MAX_DEATHS = 5;

/** Keeps count of which workers are ready and how many have died. */
export class WorkerWatch {
  readonly #ready = new Set<Worker>();
  #recentDeaths: number[] = [];
  #deaths = 0;

  /** @param onDeath told after a ready worker has died */
  constructor(private readonly onDeath: () => void) {}

  /** Workers whose sessions are loaded and warm. */
  get ready(): number {
    return this.#ready.size;
  }

  /** Workers that have died since the start. */
  get deaths(): number {
    return this.#deaths;
  }

  /** Whether workers die so often that something must be wrong with the machine or a model. */
  get unstable(): boolean {
    const since = performance.now() - WINDOW_MS;
    this.#recentDeaths = this.#recentDeaths.filter((at) => at > since);
    return this.#recentDeaths.length >= MAX_DEATHS;
  }

  /** A worker has said that it is ready. */
  add(worker: Worker): void {
    this.#ready.add(worker);
    worker.once('exit', () => {
      if (!this.#ready.delete(worker)) return;
      this.#deaths++;
      this.#recentDeaths.push(performance.now());
      this.onDeath();
    });
  }

  /** Stops watching: workers that stop from now on are meant to. */
  forgetAll(): void {
    this.#ready.clear();
  }
}
