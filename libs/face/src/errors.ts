/** Why a photograph could not be analysed. Stable: these are the service's public error codes. */
export const FACE_ERROR_CODES = [
  'UNSUPPORTED_FORMAT',
  'UNREADABLE_IMAGE',
  'IMAGE_TOO_SMALL',
  'TOO_MANY_PIXELS',
  'NO_FACE',
  'MULTIPLE_FACES',
] as const;

export type FaceErrorCode = (typeof FACE_ERROR_CODES)[number];

/**
 * An expected failure of the face pipeline, caused by the photograph, not the service. `reason` completes the sentence
 * "image N …" and reveals nothing about the photograph but its dimensions or format.
 */
export class FaceError extends Error {
  constructor(
    readonly code: FaceErrorCode,
    readonly reason: string,
  ) {
    super(`${code}: ${reason}`);
    this.name = 'FaceError';
  }
}
