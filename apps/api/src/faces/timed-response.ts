import type { Response } from 'express';
import type { RequestLife } from '../http/request-life.js';
import { roundMs } from './rounding.js';
import { serverTiming } from './stages.js';

/**
 * Reports how long each stage took, in the log and in Server-Timing.
 *
 * @param stages milliseconds
 * @returns milliseconds since the request arrived
 */
export function reportStages(stages: Readonly<Record<string, number>>, life: RequestLife, response: Response): number {
  const totalMs = performance.now() - life.arrivedAt;
  life.stages = { ...stages, total: roundMs(totalMs) };
  response.setHeader('Server-Timing', serverTiming(life.stages));
  return totalMs;
}
