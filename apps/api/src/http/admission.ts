import { Inject, Injectable } from '@nestjs/common';
import { InferenceError } from '#inference';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import type { RequestLife } from './request-life.js';

/** Work that would begin after this share of the time set for a request is not taken on: the rest is for the work itself. */
const MAX_WAIT_SHARE = 0.5;

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

  /** @throws InferenceError WORKER_LOST or OVERLOADED where a request that takes so many places would not be taken on now */
  check(places: number): void {
    const { pool } = this.inference;
    if (pool.restarting) throw RESTARTING;
    const isFull = this.#taken + places > pool.capacity;
    const isLate = pool.expectedWaitMs(this.#taken) > MAX_WAIT_SHARE * this.settings.requestTimeoutMs;
    if (isFull || isLate) throw FULL;
  }

  /** Takes places for a request until it is answered. @throws InferenceError as {@link check} does */
  take(places: number, life: RequestLife): void {
    this.check(places);
    this.#taken += places;
    life.onAnswered(() => (this.#taken -= places));
  }
}
