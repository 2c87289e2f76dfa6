import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { type Decision, NETWORK_NAMES, type NetworkName } from '#face';
import { AssessmentDto } from '../../faces/dto/assessment.dto.js';
import { FACE_BOX, FaceDto } from '../../faces/dto/face.dto.js';
import { ImageSizeDto } from '../../faces/dto/image-size.dto.js';
import { DecisionField, FalseMatchRateDto, FalseMatchRateField } from './verdict.dto.js';

const MS = 'milliseconds';

/** Metrics of one photograph. */
@ApiSchema({ name: 'ImageMetrics' })
export class ImageMetricsDto extends AssessmentDto {
  @ApiProperty({
    description: 'Always true: a photograph without a face gets the error NO_FACE.',
    example: true,
  })
  readonly face_detected!: boolean;

  @ApiProperty({ description: `Time to find the faces, in ${MS}.`, example: 4.1 })
  readonly detection_time_ms!: number;

  @ApiProperty({
    ...FACE_BOX,
    description:
      'The face that counts (face_selection): [x1, y1, x2, y2] in whole pixels of the photograph as sent, upright after its EXIF orientation, clipped to it.',
  })
  readonly face_coordinates!: [number, number, number, number];

  @ApiProperty({ description: 'The detector’s confidence in the face, 0 to 1.', example: 0.9999 })
  readonly confidence_score!: number;

  @ApiProperty({
    description:
      'Faces found until it was sure which counts. At least so many are there: MTCNN does not look for faces far smaller than the largest, nor at every face of a crowd.',
    type: 'integer',
    example: 1,
  })
  readonly faces_found!: number;

  @ApiProperty({
    description: 'The network that found the face. /compare asks BlazeFace if MTCNN is unsure.',
    enum: NETWORK_NAMES,
    example: 'mtcnn',
  })
  readonly detector!: NetworkName;

  @ApiProperty({
    description:
      'Points of the face, [x, y] in pixels of the photograph, upright. MTCNN: left eye, right eye, nose, left and right corner of the mouth. BlazeFace: left eye, right eye, nose tip, mouth, left and right ear. Left as the viewer sees it once the photograph is turned by rotation_degrees.',
    type: 'array',
    items: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
    example: [
      [443.8, 214.7],
      [549.9, 212.2],
      [496.9, 279.1],
      [436.7, 320.1],
      [555.6, 316.4],
    ],
  })
  readonly landmarks!: [number, number][];

  @ApiProperty({
    description:
      'What the embedder saw: the upper left, upper right, lower right and lower left corner of the crop, as it shows them, [x, y] in pixels of the photograph, upright. They may lie outside it, where its edge is repeated.',
    type: 'array',
    items: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
    minItems: 4,
    maxItems: 4,
    example: [
      [307.6, 69.4],
      [676.2, 65.3],
      [680.3, 433.9],
      [311.7, 438],
    ],
  })
  readonly crop_corners!: [number, number][];

  @ApiProperty({
    description:
      'By how much the photograph was turned, clockwise, until the face was upright: scans and some cameras’ files lie on their side without saying so. Coordinates are those of the photograph as sent.',
    enum: [0, 90, 180, 270],
    example: 0,
  })
  readonly rotation_degrees!: number;

  @ApiProperty({ description: 'The photograph’s size as sent, upright.', type: ImageSizeDto })
  readonly image_size!: ImageSizeDto;

  @ApiProperty({ description: `Time to decode the photograph, in ${MS}.`, example: 8.7 })
  readonly decode_time_ms!: number;

  @ApiProperty({ description: `Time the photograph waited for a worker, in ${MS}.`, example: 0.1 })
  readonly queue_time_ms!: number;
}

/** The distribution of an embedding's 512 values. */
@ApiSchema({ name: 'EmbeddingStats' })
export class EmbeddingStatsDto {
  @ApiProperty({ description: 'Smallest value.', example: -0.132 })
  readonly min!: number;

  @ApiProperty({ description: 'Largest value.', example: 0.141 })
  readonly max!: number;

  @ApiProperty({ description: 'Mean.', example: 0.001 })
  readonly mean!: number;

  @ApiProperty({ description: 'Standard deviation.', example: 0.044 })
  readonly std!: number;
}

/** Metrics of an embedding; never the embedding itself. */
@ApiSchema({ name: 'EmbeddingMetrics' })
export class EmbeddingMetricsDto {
  @ApiProperty({ description: `Time to crop the face and embed it, in ${MS}.`, example: 5.6 })
  readonly embedding_time_ms!: number;

  @ApiProperty({ description: 'Values in the embedding.', type: 'integer', example: 512 })
  readonly embedding_dimension!: number;

  @ApiProperty({ description: 'Its Euclidean norm; 1, as the embedder normalises.', example: 1 })
  readonly embedding_norm!: number;

  @ApiProperty({ type: EmbeddingStatsDto })
  readonly embedding_stats!: EmbeddingStatsDto;
}

/** How the two embeddings compare. */
@ApiSchema({ name: 'ComparisonMetrics' })
export class ComparisonMetricsDto {
  @ApiProperty({ description: `Time to compare the embeddings, in ${MS}.`, example: 0.01 })
  readonly similarity_computation_time_ms!: number;

  @ApiProperty({ description: 'Cosine of the angle between the embeddings, −1 to 1.', example: 0.8054 })
  readonly cosine_similarity!: number;

  @ApiProperty({ description: 'Distance between the embeddings, 0 to 2.', example: 0.6239 })
  readonly euclidean_distance!: number;

  @ApiProperty({ description: 'The threshold that decided the verdict, −1 to 1.', example: 0.6 })
  readonly threshold_used!: number;

  @FalseMatchRateField()
  readonly false_match_rate?: FalseMatchRateDto;
}

/** A face of image 2, compared with the face of image 1. */
@ApiSchema({ name: 'FaceMatch' })
export class FaceMatchDto extends FaceDto {
  @ApiProperty({ description: 'Cosine similarity with the face of image 1, −1 to 1.', example: 0.8054 })
  readonly similarity!: number;

  @ApiProperty({ description: 'Whether similarity ≥ threshold.', example: true })
  readonly match!: boolean;

  @DecisionField()
  readonly decision?: Decision;

  @FalseMatchRateField()
  readonly false_match_rate?: FalseMatchRateDto;
}

/** The verdict on two photographs. */
@ApiSchema({ name: 'Comparison' })
export class CompareResponseDto {
  @ApiProperty({ description: 'Cosine similarity of the two faces’ embeddings, −1 to 1.', example: 0.8054 })
  readonly similarity!: number;

  @ApiProperty({
    description: 'Whether similarity ≥ threshold: the same person, as far as can be told.',
    example: true,
  })
  readonly match!: boolean;

  @DecisionField()
  readonly decision?: Decision;

  @ApiProperty({ description: `Time from the request’s arrival to its response, in ${MS}.`, example: 27.4 })
  readonly total_processing_time_ms!: number;

  @ApiProperty({ type: ImageMetricsDto })
  readonly image1_metrics!: ImageMetricsDto;

  @ApiProperty({ type: ImageMetricsDto })
  readonly image2_metrics!: ImageMetricsDto;

  @ApiProperty({ type: EmbeddingMetricsDto })
  readonly embedding1_metrics!: EmbeddingMetricsDto;

  @ApiProperty({ type: EmbeddingMetricsDto })
  readonly embedding2_metrics!: EmbeddingMetricsDto;

  @ApiProperty({ type: ComparisonMetricsDto })
  readonly comparison_metrics!: ComparisonMetricsDto;

  @ApiPropertyOptional({
    description:
      'With faces=all: every face of image 2, the most similar first. The other fields are about the first of them.',
    type: [FaceMatchDto],
  })
  readonly matches?: readonly FaceMatchDto[];
}
