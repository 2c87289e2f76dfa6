import { Inject, Injectable } from '@nestjs/common';
import { InferenceError } from '#inference';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import type { RequestLife } from './request-life.js';

/**
 * Work that can be expected to end after this share of the time that a request has left is not taken on. Little is kept back,
 * because the expectation is on the safe side itself (DurationEstimate).
 */
const MAX_DEADLINE_SHARE = 0.9;

/** Made once, as in to-service-error.ts: a refusal is not to cost more than it must. */
const RESTARTING = new InferenceError('WORKER_LOST', 'the workers are being restarted');
const FULL = new InferenceError('OVERLOADED', 'all places are taken, or will be for too long');

/**
 * Takes work on while there is a place for its photographs and they can be expected to be done in time. A place is for work:
 * it is taken when the body is there, and given back when the answer is. Before the body is read, a request is only told
 * where it would find no place now.
 */
@Injectable()
export class Admission {
  #taken = 0;

  constructor(
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Whoever finds no other work is never too late: were all photographs slow, none would be taken on to learn otherwise.
   *
   * @throws InferenceError WORKER_LOST or OVERLOADED where a request that takes so many places would not be taken on now
   */
  check(places: number, { arrivedAt }: Pick<RequestLife, 'arrivedAt'>): void {
    const { pool } = this.inference;
    if (pool.restarting) throw RESTARTING;
    const isFull = this.#taken + places > pool.capacity;
    const leftMs = arrivedAt + this.settings.requestTimeoutMs - performance.now();
    const isLate = this.#taken > 0 && pool.expectedMs(places, this.#taken) > MAX_DEADLINE_SHARE * leftMs;
    if (isFull || isLate) throw FULL;
  }

  /** Takes places for a request until it is answered. @throws InferenceError as {@link check} does */
  take(places: number, life: Pick<RequestLife, 'arrivedAt' | 'onAnswered'>): void {
    this.check(places, life);
    this.#taken += places;
    life.onAnswered(() => (this.#taken -= places));
  }
}
