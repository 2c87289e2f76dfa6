import { InferenceError, type InferencePool } from '#inference';
import type { RequestHandler } from 'express';

/** A comparison brings two photographs. */
const PHOTOGRAPHS = 2;

/**
 * Lets a comparison in while there is a place for its two photographs, and refuses it at once otherwise: before its
 * body is read, so that a refusal costs next to nothing and memory stays bounded by the number of places.
 *
 * @param places photographs that may be in the service at a time, in work, waiting or on their way in
 */
export function admission(places: number, pool: InferencePool): RequestHandler {
  let taken = 0;
  return (_request, response, next) => {
    if (pool.renewing) {
      next(new InferenceError('WORKER_LOST', 'the workers are being started anew'));
    } else if (taken + PHOTOGRAPHS > places) {
      next(new InferenceError('OVERLOADED', `all ${places} places are taken`));
    } else {
      taken += PHOTOGRAPHS;
      response.once('close', () => (taken -= PHOTOGRAPHS));
      next();
    }
  };
}
