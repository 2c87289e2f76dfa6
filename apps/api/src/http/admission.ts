import { InferenceError, type InferencePool } from '#inference';
import type { RequestHandler } from 'express';

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
export function admission(pool: InferencePool, timeoutMs: number): RequestHandler {
  let taken = 0;
  return (_request, response, next) => {
    if (pool.renewing) {
      next(RENEWING);
    } else if (taken + PHOTOGRAPHS > pool.places || pool.expectedWaitMs(taken) > PATIENCE * timeoutMs) {
      next(FULL);
    } else {
      taken += PHOTOGRAPHS;
      response.once('close', () => (taken -= PHOTOGRAPHS));
      next();
    }
  };
}
