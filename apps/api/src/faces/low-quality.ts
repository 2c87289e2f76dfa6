import type { FaceAssessment, FaceWarning } from '#face';
import { imageError, type ImageName, ServiceError } from '../errors/service-error.js';
import { noFace } from './photograph-outcome.js';

/**
 * The error for a face with warnings that the request does not accept.
 *
 * @returns undefined if it has none of them
 */
export function lowQuality(
  { warnings }: FaceAssessment,
  rejectOn: readonly FaceWarning[],
  image: ImageName,
): ServiceError | undefined {
  const reasons = warnings.filter((warning) => rejectOn.includes(warning));
  if (reasons.length === 0) return undefined;
  const { code, message } = imageError(
    'LOW_QUALITY',
    image,
    `has warnings that reject_on lists: ${reasons.join(', ')}`,
  );
  return new ServiceError(code, message, image, [], reasons);
}

/**
 * The faces without such warnings.
 *
 * @param faces largest first
 * @returns the error of the largest if no face is left, NO_FACE if there was none
 */
export function acceptableFaces<Face extends FaceAssessment>(
  faces: readonly Face[],
  rejectOn: readonly FaceWarning[],
  image: ImageName,
): Face[] | ServiceError {
  const errors = faces.map((face) => lowQuality(face, rejectOn, image));
  const accepted = faces.filter((_, i) => errors[i] === undefined);
  return accepted.length === 0 ? (errors[0] ?? noFace(image)) : accepted;
}
