import type { DetectorName } from '#face';
import { ServiceError } from '../errors/service-error.js';

/** The values of `detector` in requests. */
export const DETECTOR_VALUES = { mtcnn: 'mtcnn', mediapipe: 'blazeface' } as const satisfies Readonly<
  Record<string, DetectorName>
>;

export type DetectorValue = keyof typeof DETECTOR_VALUES;

/**
 * The detector that a request asks for; without a value MTCNN, or the first that is enabled.
 *
 * @param enabled the service's detectors
 * @throws ServiceError INVALID_REQUEST if it is not enabled
 */
export function chosenDetector(value: DetectorValue | undefined, enabled: readonly DetectorName[]): DetectorName {
  if (value === undefined) return enabled.includes('mtcnn') ? 'mtcnn' : enabled[0];
  const detector = DETECTOR_VALUES[value];
  if (enabled.includes(detector)) return detector;
  throw new ServiceError('INVALID_REQUEST', `The detector ${value} is not enabled (DETECTORS).`);
}
