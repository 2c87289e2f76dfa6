import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { CompareResponseDto } from './dto/compare-response.dto.js';
import { ComparisonOptionsDto } from './dto/comparison-options.dto.js';

/**
 * Describes an endpoint that compares two photographs. What the operations share, the errors and the body is added in
 * openapi/.
 */
export function ApiComparison(summary: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiExtraModels(ComparisonOptionsDto),
    ApiOkResponse({
      type: CompareResponseDto,
      description: 'The verdict.',
      headers: {
        'Server-Timing': {
          description: 'What each stage took, in milliseconds.',
          required: true,
          schema: { type: 'string', example: 'decode1;dur=8.7, detect1;dur=4.1, total;dur=27.4' },
        },
      },
    }),
  );
}
