import type { AllFacesQuery } from '#face';
import type { Settings } from '../config/settings.js';
import { chosenDetector } from './detector-field.js';
import type { DetectionOptionsDto } from './dto/detection-options.dto.js';
import { DEFAULT_MAX_FACES } from './max-faces.js';
import type { Fields } from './plain.js';

/**
 * The query for all faces of a photograph; omitted options default to the service's settings.
 *
 * @throws ServiceError INVALID_REQUEST if the detector is not enabled
 */
export const detectionQuery = (
  options: Fields<DetectionOptionsDto>,
  { detectors, minConfidence }: Pick<Settings, 'detectors' | 'minConfidence'>,
): AllFacesQuery => ({
  detector: chosenDetector(options.detector, detectors),
  minConfidence: options.min_confidence ?? minConfidence,
  maxFaces: options.max_faces ?? DEFAULT_MAX_FACES,
});
