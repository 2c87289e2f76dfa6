import { Inject, Injectable } from '@nestjs/common';
import { InferenceError } from '#inference';
import type { RequestHandler } from 'express';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';

/** A comparison brings two photographs. */
const PHOTOGRAPHS = 2;

/** Who would wait for this part of the time set for a request is not let in: the rest is for the work itself. */
const PATIENCE = 0.5;

/** Made once, as in to-service-error.ts: a refusal is not to cost more than it must. */
const RENEWING = new InferenceError('WORKER_LOST', 'the workers are being started anew');
const FULL = new InferenceError('OVERLOADED', 'all places are taken, or will be for too long');

/**
 * Lets a comparison in while there is a place for its two photographs and they can be expected to be done in time. It is
 * refused at once otherwise: before its body is read, so that a refusal costs next to nothing, memory stays bounded by
 * the number of places, and those who are let in keep their deadline.
 */
@Injectable()
export class Admission {
  #taken = 0;

  constructor(
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Why a comparison that arrives now is not let in, or undefined where it is. */
  get refusal(): InferenceError | undefined {
    const { pool } = this.inference;
    if (pool.renewing) return RENEWING;
    const full = this.#taken + PHOTOGRAPHS > pool.places;
    const late = pool.expectedWaitMs(this.#taken) > PATIENCE * this.settings.requestTimeoutMs;
    return full || late ? FULL : undefined;
  }

  /** Gives a comparison its places until it is answered, or the reason why there are none. */
  readonly admit: RequestHandler = (_request, response, next) => {
    const { refusal } = this;
    if (refusal === undefined) {
      this.#taken += PHOTOGRAPHS;
      response.once('close', () => (this.#taken -= PHOTOGRAPHS));
    }
    next(refusal);
  };
}
