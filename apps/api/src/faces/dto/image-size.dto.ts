import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** Width and height in pixels. */
@ApiSchema({ name: 'ImageSize' })
export class ImageSizeDto {
  @ApiProperty({ description: 'Pixels.', type: 'integer', example: 910 })
  readonly width!: number;

  @ApiProperty({ description: 'Pixels.', type: 'integer', example: 1137 })
  readonly height!: number;
}
