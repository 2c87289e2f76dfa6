import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { FACE_WARNINGS, type FaceWarning } from '#face';

/** Where a head looks. */
@ApiSchema({ name: 'Pose' })
export class PoseDto {
  @ApiProperty({ description: 'Tilt towards a shoulder, in degrees: more than 0 is clockwise.', example: -1.3 })
  readonly roll!: number;

  @ApiProperty({ description: 'Turn to a side, in degrees: more than 0 is to the viewer’s right.', example: 3.7 })
  readonly yaw!: number;

  @ApiProperty({ description: 'Nod, in degrees: more than 0 is downwards.', example: -4.2 })
  readonly pitch!: number;
}

/** What is measured of a face. */
@ApiSchema({ name: 'Quality' })
export class QualityDto {
  @ApiProperty({ description: 'Distance between the eyes, in pixels of the photograph as sent.', example: 106.1 })
  readonly eye_distance!: number;

  @ApiProperty({ description: 'Width of the face’s box, in pixels of the photograph as sent.', example: 237.4 })
  readonly face_width!: number;

  @ApiProperty({ description: 'How much fine detail there is, 0 to 1.', example: 0.71 })
  readonly sharpness!: number;

  @ApiProperty({ description: 'Mean luminance, 0 (black) to 1 (white).', example: 0.52 })
  readonly brightness!: number;

  @ApiProperty({ description: 'Standard deviation of the luminance, 0 to 0.5.', example: 0.19 })
  readonly contrast!: number;

  @ApiProperty({ description: 'Share of pixels that are nearly black, 0 to 1.', example: 0.02 })
  readonly clipped_dark!: number;

  @ApiProperty({ description: 'Share of pixels that are nearly white, 0 to 1.', example: 0 })
  readonly clipped_bright!: number;

  @ApiProperty({ description: 'Whether the face has no colours.', example: false })
  readonly is_grey!: boolean;

  @ApiProperty({ description: 'Share of the face’s box that is outside the photograph, 0 to 1.', example: 0 })
  readonly cut_off!: number;
}

/** How well a face can be compared. */
export class AssessmentDto {
  @ApiProperty({
    description:
      'Where the head looks, in degrees, estimated from the landmarks; in the photograph after it was turned by rotation_degrees.',
    type: PoseDto,
  })
  readonly pose!: PoseDto;

  @ApiProperty({ description: 'What is measured of the face.', type: QualityDto })
  readonly quality!: QualityDto;

  @ApiProperty({
    description: 'What about the face may make comparisons unreliable; empty if nothing was found.',
    enum: FACE_WARNINGS,
    isArray: true,
    example: [],
  })
  readonly warnings!: readonly FaceWarning[];
}
