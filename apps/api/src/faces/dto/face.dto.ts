import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions, ApiSchema } from '@nestjs/swagger';
import { NETWORK_NAMES, type NetworkName } from '#face';
import { AssessmentDto } from './assessment.dto.js';

type PointDto = [number, number];

const point = (description: string, example: PointDto) => ({
  description: `${description}, [x, y] in pixels of the photograph as sent.`,
  type: 'array' as const,
  items: { type: 'number' as const },
  minItems: 2,
  maxItems: 2,
  example,
});

/** The form of a face's coordinates: x1, y1, x2, y2. */
export const FACE_BOX: ApiPropertyOptions = {
  type: 'array',
  items: { type: 'integer' },
  minItems: 4,
  maxItems: 4,
  example: [373, 81, 610, 422],
};

/** The landmarks that the network that found the face predicts. */
@ApiSchema({ name: 'Landmarks' })
export class LandmarksDto {
  @ApiProperty(point('The eye on the viewer’s left once the face is upright', [443.8, 214.6]))
  readonly left_eye!: PointDto;

  @ApiProperty(point('The other eye', [549.8, 212.2]))
  readonly right_eye!: PointDto;

  @ApiPropertyOptional(point('The nose; of BlazeFace its tip', [496.9, 279]))
  readonly nose?: PointDto;

  @ApiPropertyOptional(point('The left corner of the mouth (MTCNN)', [436.7, 320]))
  readonly mouth_left?: PointDto;

  @ApiPropertyOptional(point('The right corner of the mouth (MTCNN)', [555.6, 316.3]))
  readonly mouth_right?: PointDto;

  @ApiPropertyOptional(point('The centre of the mouth (BlazeFace)', [496, 330.1]))
  readonly mouth?: PointDto;

  @ApiPropertyOptional(point('The tragion of the left ear (BlazeFace)', [390.2, 240.5]))
  readonly left_ear?: PointDto;

  @ApiPropertyOptional(point('The tragion of the right ear (BlazeFace)', [601.7, 236.9]))
  readonly right_ear?: PointDto;
}

/** A face in a photograph. */
@ApiSchema({ name: 'Face' })
export class FaceDto extends AssessmentDto {
  @ApiProperty({
    ...FACE_BOX,
    description:
      '[x1, y1, x2, y2] in whole pixels of the photograph as sent, upright after its EXIF orientation, clipped to it.',
  })
  readonly face_coordinates!: [number, number, number, number];

  @ApiProperty({ description: 'The detector’s confidence in the face, 0 to 1.', example: 0.9999 })
  readonly confidence_score!: number;

  @ApiProperty({ description: 'The network that found the face.', enum: NETWORK_NAMES, example: 'mtcnn' })
  readonly detector!: NetworkName;

  @ApiProperty({ type: LandmarksDto })
  readonly landmarks!: LandmarksDto;
}

/** A face with its embedding. */
@ApiSchema({ name: 'EmbeddedFace' })
export class EmbeddedFaceDto extends FaceDto {
  @ApiProperty({
    description:
      'A unit vector: a list of numbers, or with encoding=base64 the base64 of little-endian float32 values.',
    oneOf: [
      { type: 'array', items: { type: 'number' } },
      { type: 'string', format: 'byte' },
    ],
    example: [0.0123, -0.0456],
  })
  readonly embedding!: readonly number[] | string;
}
