import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInstance, IsNumber, IsOptional, IsString, Max, Min, MinLength, ValidateIf } from 'class-validator';
import { MAX_THRESHOLD, MIN_THRESHOLD } from '#face';

const BASE64_DESCRIPTION =
  'in base64 (plain or a data: URL): JPEG, PNG, WebP, GIF, BMP, AVIF, TIFF, HEIC or JPEG 2000, at least 20 px a side. The ' +
  'largest face counts.';

const THRESHOLD = {
  description: 'Similarity from which the faces match, −1 to 1. The service’s own (0.6) where it is left out.',
  minimum: MIN_THRESHOLD,
  maximum: MAX_THRESHOLD,
  example: 0.6,
} as const;

/** The body's parser has decoded what is clean base64 already, which makes it bytes. */
const isText = (_: unknown, value: unknown): boolean => !(value instanceof Uint8Array);

/** The body of a comparison as JSON. */
export class CompareRequestDto {
  @ApiProperty({ description: `The first photograph ${BASE64_DESCRIPTION}`, type: 'string', minLength: 1 })
  @ValidateIf(isText)
  @IsString()
  @MinLength(1)
  readonly image1_base64!: string | Uint8Array;

  @ApiProperty({ description: `The second photograph ${BASE64_DESCRIPTION}`, type: 'string', minLength: 1 })
  @ValidateIf(isText)
  @IsString()
  @MinLength(1)
  readonly image2_base64!: string | Uint8Array;

  @ApiPropertyOptional(THRESHOLD)
  // Unlike IsOptional, this refuses null, which the document does not allow.
  @ValidateIf(({ threshold }: CompareRequestDto) => threshold !== undefined)
  @IsNumber()
  @Min(MIN_THRESHOLD)
  @Max(MAX_THRESHOLD)
  readonly threshold?: number;
}

const FILE = { type: 'string', format: 'binary' } as const;

/** The body of a comparison as a form. */
export class CompareFormDto {
  @ApiProperty({ ...FILE, description: 'The first photograph, as a file.' })
  @IsInstance(Buffer, { message: 'image1 must be a file' })
  readonly image1!: Buffer;

  @ApiProperty({ ...FILE, description: 'The second photograph, as a file.' })
  @IsInstance(Buffer, { message: 'image2 must be a file' })
  readonly image2!: Buffer;

  @ApiPropertyOptional(THRESHOLD)
  @IsOptional()
  @IsNumber()
  @Min(MIN_THRESHOLD)
  @Max(MAX_THRESHOLD)
  readonly threshold?: number;
}
