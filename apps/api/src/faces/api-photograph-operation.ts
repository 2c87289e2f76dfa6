import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation } from '@nestjs/swagger';

export interface PhotographOperation {
  readonly summary: string;
  readonly options: Type<object>;
  readonly answer: Type<object>;
  /** What the answer is, in a sentence. */
  readonly description: string;
  /** An example of its Server-Timing. */
  readonly timing: string;
}

/**
 * Describes an endpoint that takes photographs. What such operations share, the errors and the body, is added in
 * openapi/.
 */
export function ApiPhotographOperation(operation: PhotographOperation): MethodDecorator {
  const { summary, options, answer, description, timing } = operation;
  return applyDecorators(
    ApiOperation({ summary }),
    ApiExtraModels(options),
    ApiOkResponse({
      type: answer,
      description,
      headers: {
        'Server-Timing': {
          description: 'What each stage took, in milliseconds.',
          required: true,
          schema: { type: 'string', example: timing },
        },
      },
    }),
  );
}
