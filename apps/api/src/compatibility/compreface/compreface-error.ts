import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { ErrorCode } from '../../errors/error-table.js';
import type { ErrorAnswer } from '../../errors/problem.js';
import type { ServiceError } from '../../errors/service-error.js';
import { foreignError } from '../foreign-error.js';

/** An error as CompreFace writes it. */
@ApiSchema({ name: 'CompreFaceError' })
export class CompreFaceErrorDto {
  @ApiProperty({ description: 'What happened, in a sentence.', example: 'No face is found in the given image' })
  readonly message!: string;

  @ApiProperty({
    description:
      'CompreFace’s number of the error: 28 no face, 31 several faces in the source image, 21 not a picture that can be read, 26 a wrong field, 10 a wrong key, 0 anything else.',
    type: 'integer',
    example: 28,
  })
  readonly code!: number;
}

interface CompreFaceError {
  readonly code: number;
  readonly status?: number;
  /** Its sentence where clients are known to compare it. */
  readonly message?: string;
}

/** CompreFace's number for a picture that it cannot read: it looks at the file's name, this service at the file. */
const UNREADABLE: CompreFaceError = { code: 21, status: 400 };

/** Its errors (CommonExceptionCode in its source). It has none for the others. */
const ERRORS: Readonly<Partial<Record<ErrorCode, CompreFaceError>>> = {
  NO_FACE: { code: 28, status: 400, message: 'No face is found in the given image' },
  MULTIPLE_FACES: { code: 31, status: 400, message: 'More than one face in the source image' },
  UNSUPPORTED_FORMAT: UNREADABLE,
  UNREADABLE_IMAGE: UNREADABLE,
  INVALID_BASE64: UNREADABLE,
  IMAGE_TOO_SMALL: UNREADABLE,
  INVALID_REQUEST: { code: 26 },
  UNAUTHORIZED: { code: 10 },
};

const UNDEFINED: CompreFaceError = { code: 0 };

/** Writes an error as CompreFace does. */
export function toCompreFaceError(error: ServiceError): ErrorAnswer {
  const { code, status, message = error.message } = ERRORS[error.code] ?? UNDEFINED;
  return foreignError(error, { message, code } satisfies CompreFaceErrorDto, status);
}
