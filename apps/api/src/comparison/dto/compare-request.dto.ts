import { ApiProperty } from '@nestjs/swagger';
import { IsInstance, IsString, MinLength, ValidateIf } from 'class-validator';
import { FORMAT_NAMES } from '#face';
import { ComparisonOptionsDto } from './comparison-options.dto.js';

const BASE64_DESCRIPTION = `in base64 (plain or a data: URL): ${FORMAT_NAMES}, at least 20 px a side. The largest face counts.`;

/** The body's parser has decoded what is clean base64 already, which makes it bytes. */
const isText = (_: unknown, value: unknown): boolean => !(value instanceof Uint8Array);

/** The body of a comparison as JSON. */
export class CompareRequestDto extends ComparisonOptionsDto {
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
}

const FILE = { type: 'string', format: 'binary' } as const;

/** The body of a comparison as a form. */
export class CompareFormDto extends ComparisonOptionsDto {
  @ApiProperty({ ...FILE, description: 'The first photograph, as a file.' })
  @IsInstance(Buffer, { message: 'image1 must be a file' })
  readonly image1!: Buffer;

  @ApiProperty({ ...FILE, description: 'The second photograph, as a file.' })
  @IsInstance(Buffer, { message: 'image2 must be a file' })
  readonly image2!: Buffer;
}
