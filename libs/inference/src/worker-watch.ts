import type { Worker } from 'node:worker_threads';

/** The time window in which deaths are counted. */
const WINDOW_MS = 60_000;

/** This many deaths within the window are no longer accidental. */
const MAX_DEATHS = 5;

/** Tracks which workers are ready and how many have died. */
export class WorkerWatch {
  readonly #ready = new Set<Worker>();
  #recentDeaths: number[] = [];
  #deaths = 0;

  /** @param onDeath called after a ready worker has died */
  constructor(private readonly onDeath: () => void) {}

  /** Workers whose sessions are loaded and warm. */
  get ready(): number {
    return this.#ready.size;
  }

  /** Workers that have died since the start. */
  get deaths(): number {
    return this.#deaths;
  }

  /** Whether workers die so often that the machine or a model must be faulty. */
  get unstable(): boolean {
    const since = performance.now() - WINDOW_MS;
    this.#recentDeaths = this.#recentDeaths.filter((at) => at > since);
    return this.#recentDeaths.length >= MAX_DEATHS;
  }

  /** Adds a worker that is ready. */
  add(worker: Worker): void {
    this.#ready.add(worker);
    worker.once('exit', () => {
      if (!this.#ready.delete(worker)) return;
      this.#deaths++;
      this.#recentDeaths.push(performance.now());
      this.onDeath();
    });
  }

  /** Stops watching: exits from now on are intended. */
  forgetAll(): void {
    this.#ready.clear();
  }
}
