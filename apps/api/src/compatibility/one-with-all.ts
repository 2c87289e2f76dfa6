import { SLOTS } from '#inference';
import type { PhotographRoute } from '../http/routes.js';

/** The work of comparing the face of one photograph with every face of another. */
export const ONE_WITH_ALL = {
  task: 'analyse',
  slots: () => SLOTS.analyse + SLOTS.embed,
} as const satisfies Partial<PhotographRoute>;
