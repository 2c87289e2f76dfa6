import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const PIXELS = 'whole pixels of the photograph as sent, upright';

const eye = (side: string, example: [number, number]) => ({
  description: `The person’s ${side} eye, [x, y] in ${PIXELS}.`,
  type: 'array' as const,
  items: { type: 'integer' as const },
  minItems: 2,
  maxItems: 2,
  example,
});

/** Where a face is. */
@ApiSchema({ name: 'DeepFaceArea' })
export class DeepFaceAreaDto {
  @ApiProperty({ description: `Left edge, in ${PIXELS}.`, type: 'integer', example: 373 })
  readonly x!: number;

  @ApiProperty({ description: `Upper edge, in ${PIXELS}.`, type: 'integer', example: 81 })
  readonly y!: number;

  @ApiProperty({ description: 'Width.', type: 'integer', example: 237 })
  readonly w!: number;

  @ApiProperty({ description: 'Height.', type: 'integer', example: 341 })
  readonly h!: number;

  @ApiProperty(eye('left', [550, 212]))
  readonly left_eye!: [number, number];

  @ApiProperty(eye('right', [444, 215]))
  readonly right_eye!: [number, number];
}

/** The faces that were compared. */
@ApiSchema({ name: 'DeepFaceAreas' })
export class DeepFaceAreasDto {
  @ApiProperty({ type: DeepFaceAreaDto })
  readonly img1!: DeepFaceAreaDto;

  @ApiProperty({ type: DeepFaceAreaDto })
  readonly img2!: DeepFaceAreaDto;
}

/** The answer of a verification. */
@ApiSchema({ name: 'DeepFaceVerification' })
export class DeepFaceVerificationDto {
  @ApiProperty({ description: 'Whether distance ≤ threshold.', example: true })
  readonly verified!: boolean;

  @ApiProperty({
    description:
      '1 minus the cosine similarity of the face of img1 that counts and the most similar one of img2, 0 to 2.',
    example: 0.243,
  })
  readonly distance!: number;

  @ApiProperty({ description: 'The distance that decided, 0 to 2.', example: 0.4 })
  readonly threshold!: number;

  @ApiProperty({ description: 'The weights of the embedder.', example: 'CASIA-WebFace' })
  readonly model!: string;

  @ApiProperty({ description: 'The detector.', example: 'mtcnn' })
  readonly detector_backend!: string;

  @ApiProperty({ description: 'Always cosine.', enum: ['cosine'], example: 'cosine' })
  readonly similarity_metric!: 'cosine';

  @ApiProperty({ type: DeepFaceAreasDto })
  readonly facial_areas!: DeepFaceAreasDto;

  @ApiProperty({ description: 'Seconds from the request’s arrival to its response.', example: 0.06 })
  readonly time!: number;
}
