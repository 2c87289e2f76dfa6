import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { ErrorCode } from '../../errors/error-table.js';
import type { ErrorAnswer } from '../../errors/problem.js';
import type { ServiceError } from '../../errors/service-error.js';
import { foreignError } from '../foreign-error.js';

/** An error as deepface writes it. */
@ApiSchema({ name: 'DeepFaceError' })
export class DeepFaceErrorDto {
  @ApiProperty({ description: 'What happened, in a sentence.', example: 'No face detected in image 2.' })
  readonly error!: string;
}

/** deepface answers 400 where it cannot compare the photographs, whatever the reason. */
const BAD_REQUEST: readonly ErrorCode[] = [
  'INVALID_REQUEST',
  'INVALID_BASE64',
  'UNSUPPORTED_FORMAT',
  'UNREADABLE_IMAGE',
  'IMAGE_TOO_SMALL',
  'NO_FACE',
  'MULTIPLE_FACES',
];

/** What a path or the address of a picture looks like once it is taken for base64. */
const NO_PICTURE: readonly ErrorCode[] = ['INVALID_BASE64', 'UNSUPPORTED_FORMAT'];

/** Writes an error as deepface does. */
export function toDeepFaceError(error: ServiceError): ErrorAnswer {
  const hint = NO_PICTURE.includes(error.code) ? ' Send the picture itself: paths and URLs are never opened.' : '';
  const body: DeepFaceErrorDto = { error: error.message + hint };
  return foreignError(error, body, BAD_REQUEST.includes(error.code) ? 400 : undefined);
}
