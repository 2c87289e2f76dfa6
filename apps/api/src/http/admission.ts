import { Inject, Injectable } from '@nestjs/common';
import { InferenceError } from '#inference';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { ServiceError } from '../errors/service-error.js';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import type { RequestLife } from './request-life.js';

/**
 * Work expected to take more than this share of a request's remaining time is rejected. Little headroom is needed,
 * because the estimate is itself conservative (DurationEstimate).
 */
const MAX_DEADLINE_SHARE = 0.9;

/** Created once, as in to-service-error.ts: rejecting a request must stay cheap. */
const RESTARTING = new InferenceError('WORKER_LOST', 'the workers are being restarted');
const FULL = new InferenceError('OVERLOADED', 'all slots are taken, or will be for too long');

/** The error for a request that waiting does not help. */
const neverFits = (slots: number, capacity: number): ServiceError =>
  new ServiceError(
    'INVALID_REQUEST',
    `The request needs ${slots} slots at once; the service has ${capacity} (WORKERS and MAX_QUEUE).`,
  );

/**
 * Admits work while there are slots for its photographs and it is expected to finish in time. Slots are for work: they
 * are taken once the body has arrived and released with the response. Before the body is read, a request is only
 * checked against the slots free at that moment.
 */
@Injectable()
export class Admission {
  #taken = 0;

  constructor(
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * A request that finds no other work is never rejected as late: if all photographs were slow, none would be admitted
   * to update the estimate.
   *
   * @throws InferenceError WORKER_LOST or OVERLOADED if a request for this many slots would be rejected now
   * @throws ServiceError INVALID_REQUEST if it would always be
   */
  check(slots: number, { arrivedAt }: Pick<RequestLife, 'arrivedAt'>): void {
    const { pool } = this.inference;
    if (pool.restarting) throw RESTARTING;
    if (slots > pool.capacity) throw neverFits(slots, pool.capacity);
    const isFull = this.#taken + slots > pool.capacity;
    const leftMs = arrivedAt + this.settings.requestTimeoutMs - performance.now();
    const isLate = this.#taken > 0 && pool.expectedMs(slots, this.#taken) > MAX_DEADLINE_SHARE * leftMs;
    if (isFull || isLate) throw FULL;
  }

  /**
   * Takes slots for a request until its response is sent.
   *
   * @throws like {@link check}
   */
  take(slots: number, life: Pick<RequestLife, 'arrivedAt' | 'onAnswered'>): void {
    this.check(slots, life);
    this.#taken += slots;
    life.onAnswered(() => (this.#taken -= slots));
  }
}
