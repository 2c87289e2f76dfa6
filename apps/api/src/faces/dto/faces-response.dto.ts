import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { EmbeddedFaceDto, FaceDto } from './face.dto.js';
import { ImageSizeDto } from './image-size.dto.js';

const MS = 'milliseconds';

/** A photograph that was searched for faces. */
class SearchedPhotographDto {
  @ApiProperty({
    description: 'Faces found. At least so many are there: the search of a crowd is bounded.',
    type: 'integer',
    example: 1,
  })
  readonly faces_found!: number;

  @ApiProperty({
    description:
      'By how much the photograph was turned, clockwise, until the largest face was upright. Coordinates are those of the photograph as sent.',
    enum: [0, 90, 180, 270],
    example: 0,
  })
  readonly rotation_degrees!: number;

  @ApiProperty({ description: 'The photograph’s size as sent, upright.', type: ImageSizeDto })
  readonly image_size!: ImageSizeDto;

  @ApiProperty({ description: `Time the photograph waited for a worker, in ${MS}.`, example: 0.1 })
  readonly queue_time_ms!: number;

  @ApiProperty({ description: `Time to decode the photograph, in ${MS}.`, example: 8.7 })
  readonly decode_time_ms!: number;

  @ApiProperty({ description: `Time to find and measure the faces, in ${MS}.`, example: 4.1 })
  readonly detection_time_ms!: number;

  @ApiProperty({ description: `Time from the request’s arrival to its response, in ${MS}.`, example: 27.4 })
  readonly total_processing_time_ms!: number;
}

/** The faces in a photograph. */
@ApiSchema({ name: 'Detection' })
export class DetectionDto extends SearchedPhotographDto {
  @ApiProperty({ description: 'Largest first; empty if there is none.', type: [FaceDto] })
  readonly faces!: readonly FaceDto[];
}

/** The weights of an embedder. */
@ApiSchema({ name: 'Weights' })
export class WeightsDto {
  @ApiProperty({ description: 'Their name, as in GET /.', example: 'CASIA-WebFace' })
  readonly name!: string;

  @ApiProperty({
    description: 'The SHA-256 of the model’s file in hexadecimal digits. Only embeddings with the same one compare.',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  readonly sha256!: string;
}

/** The faces in a photograph, embedded. */
@ApiSchema({ name: 'Embeddings' })
export class EmbeddingsDto extends SearchedPhotographDto {
  @ApiProperty({ description: 'Largest first.', type: [EmbeddedFaceDto] })
  readonly faces!: readonly EmbeddedFaceDto[];

  @ApiProperty({ description: `Time to crop the faces and embed them, in ${MS}.`, example: 14.6 })
  readonly embedding_time_ms!: number;

  @ApiProperty({ description: 'The weights that made the embeddings.', type: WeightsDto })
  readonly weights!: WeightsDto;
}
