import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

const PIXELS = 'Whole pixels of the photograph as sent, upright.';

/** A face's box. */
@ApiSchema({ name: 'CompreFaceBox' })
export class CompreFaceBoxDto {
  @ApiProperty({ description: 'The detector’s confidence in the face, 0 to 1.', example: 0.9999 })
  readonly probability!: number;

  @ApiProperty({ description: PIXELS, type: 'integer', example: 610 })
  readonly x_max!: number;

  @ApiProperty({ description: PIXELS, type: 'integer', example: 422 })
  readonly y_max!: number;

  @ApiProperty({ description: PIXELS, type: 'integer', example: 373 })
  readonly x_min!: number;

  @ApiProperty({ description: PIXELS, type: 'integer', example: 81 })
  readonly y_min!: number;
}

/** Milliseconds. */
@ApiSchema({ name: 'CompreFaceExecutionTime' })
export class CompreFaceExecutionTimeDto {
  @ApiProperty({ description: 'Time to find the photograph’s faces, in milliseconds.', example: 14.1 })
  readonly detector!: number;

  @ApiProperty({ description: 'Time to crop and embed the photograph’s faces, in milliseconds.', example: 14.6 })
  readonly calculator!: number;
}

/** A face. */
@ApiSchema({ name: 'CompreFaceFace' })
export class CompreFaceFaceDto {
  @ApiProperty({ type: CompreFaceBoxDto })
  readonly box!: CompreFaceBoxDto;

  @ApiPropertyOptional({
    description:
      'With `landmarks`: left eye, right eye, nose, left and right corner of the mouth, [x, y] in whole pixels; left as the viewer sees it. Without the mouth if BlazeFace found the face, which has no corners of it.',
    type: 'array',
    items: { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 },
    example: [
      [444, 215],
      [550, 212],
      [497, 279],
      [437, 320],
      [556, 316],
    ],
  })
  readonly landmarks?: [number, number][];

  @ApiPropertyOptional({
    description: 'With `calculator`: a unit vector of 512 numbers, of this service’s weights, not of CompreFace’s.',
    type: 'array',
    items: { type: 'number' },
    example: [0.0123, -0.0456],
  })
  readonly embedding?: readonly number[];

  @ApiPropertyOptional({ description: 'With `status`.', type: CompreFaceExecutionTimeDto })
  readonly execution_time?: CompreFaceExecutionTimeDto;
}

/** A face of the target image. */
@ApiSchema({ name: 'CompreFaceMatch' })
export class CompreFaceMatchDto extends CompreFaceFaceDto {
  @ApiProperty({
    description:
      'Cosine similarity with the face of the source image, −1 to 1. CompreFace scales its distance to 0 to 1: thresholds for it do not apply.',
    example: 0.7571,
  })
  readonly similarity!: number;
}

/** What computed the answer. */
@ApiSchema({ name: 'CompreFacePlugins' })
export class CompreFacePluginsDto {
  @ApiProperty({ description: 'The detector.', example: 'mtcnn' })
  readonly detector!: string;

  @ApiProperty({ description: 'The weights of the embedder.', example: 'CASIA-WebFace' })
  readonly calculator!: string;
}

/** The faces of two photographs, compared. */
@ApiSchema({ name: 'CompreFaceResult' })
export class CompreFaceResultDto {
  @ApiProperty({ type: CompreFaceFaceDto })
  readonly source_image_face!: CompreFaceFaceDto;

  @ApiProperty({ description: 'Every face of the target image, largest first.', type: [CompreFaceMatchDto] })
  readonly face_matches!: readonly CompreFaceMatchDto[];

  @ApiPropertyOptional({ description: 'With `status`.', type: CompreFacePluginsDto })
  readonly plugins_versions?: CompreFacePluginsDto;
}

/** The answer of a verification. */
@ApiSchema({ name: 'CompreFaceVerification' })
export class CompreFaceVerificationDto {
  @ApiProperty({ description: 'One result.', type: [CompreFaceResultDto] })
  readonly result!: readonly CompreFaceResultDto[];
}
