/** Thrown at a checkpoint where nobody waits for the analysis any more. */
export class Abandoned extends Error {
  constructor() {
    super('nobody waits for this analysis any more');
    this.name = 'Abandoned';
  }
}

/**
 * Called between two steps of an analysis: the boundaries at which it can end early. A step itself, a decoding or a run of
 * a network, cannot be interrupted.
 *
 * @throws Abandoned where nobody waits for the analysis any more
 */
export type Checkpoint = () => void;

/** For analyses that are always finished. */
export const carryOn: Checkpoint = () => undefined;
