import { setMaxListeners } from 'node:events';
import { InferenceError } from '#inference';
import type { RequestLife } from '../../http/request-life.js';

/** The share of a request's time after which what is not done is given up, so that the rest can still be answered. */
const SHARE = 0.9;

/** Ends the work of a request early enough for a response with what is done. */
export class TimeLeft {
  readonly #end = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** Aborts the work; its reason is an InferenceError. */
  readonly signal: AbortSignal;

  /** @param timeoutMs from the request's arrival to its response */
  constructor({ arrivedAt, signal }: Pick<RequestLife, 'arrivedAt' | 'signal'>, timeoutMs: number) {
    this.signal = AbortSignal.any([signal, this.#end.signal]);
    // Every photograph listens to it; Node takes more than ten listeners for a leak.
    setMaxListeners(0, this.signal);
    this.#timer = setTimeout(
      () => {
        this.#end.abort(new InferenceError('DEADLINE_EXCEEDED', 'little time is left to answer'));
      },
      arrivedAt + SHARE * timeoutMs - performance.now(),
    );
  }

  /** Ends what is still running, as nobody waits for it. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#end.abort(new InferenceError('CANCELLED', 'the rest is not needed'));
  }
}
