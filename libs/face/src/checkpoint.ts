/** Thrown at a checkpoint when no caller is waiting for the analysis any more. */
export class Abandoned extends Error {
  constructor() {
    super('no caller is waiting for this analysis any more');
    this.name = 'Abandoned';
  }
}

/**
 * Called between the steps of an analysis, where it can end early. A step itself (decoding, running a network) cannot
 * be interrupted.
 *
 * @throws Abandoned if no caller is waiting for the analysis any more
 */
export type Checkpoint = () => void;

/** For analyses that always run to the end. */
export const carryOn: Checkpoint = () => undefined;
