/** Why a photograph could not be analysed. Stable strings: they are the service's public error codes. */
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
 * An expected failure of the face pipeline: the photograph is to blame, not the service.
 * `reason` completes the sentence "image N …" and never holds anything of the photograph but its dimensions or format.
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
