import { applyDecorators } from '@nestjs/common';
import { ApiConsumes, ApiExtraModels, ApiOkResponse, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ERROR_TABLE, type ErrorCode, errorEntry } from '../errors/error-table.js';
import { ProblemDto } from '../errors/problem.dto.js';
import { CompareResponseDto } from './dto/compare-response.dto.js';
import { ComparisonOptionsDto } from './dto/comparison-options.dto.js';

/** Describes an endpoint that compares two photographs, with every error it may answer. */
export function ApiComparison(summary: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiExtraModels(ComparisonOptionsDto, ProblemDto),
    ApiConsumes('application/json', 'multipart/form-data'),
    ApiOkResponse({
      type: CompareResponseDto,
      description: 'The verdict.',
      headers: {
        'X-Request-Id': { description: 'Identifies the request in the log.', schema: { type: 'string' } },
        'Server-Timing': { description: 'What each stage took, in milliseconds.', schema: { type: 'string' } },
      },
    }),
    ...[...codesByStatus()].map(([status, codes]) => problemResponse(status, codes)),
  );
}

/** Errors that a comparison never ends with. */
const ELSEWHERE: ReadonlySet<ErrorCode> = new Set(['NOT_FOUND', 'METHOD_NOT_ALLOWED']);

function codesByStatus(): Map<number, ErrorCode[]> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of Object.keys(ERROR_TABLE) as ErrorCode[]) {
    if (ELSEWHERE.has(code)) continue;
    const { status } = errorEntry(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

function problemResponse(status: number, codes: readonly ErrorCode[]): MethodDecorator {
  const retries = codes.some((code) => errorEntry(code).retryAfter !== undefined);
  return ApiResponse({
    status,
    description: codes.map((code) => `\`${code}\`: ${errorEntry(code).title}. ${errorEntry(code).advice}`).join('\n\n'),
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
    ...(retries && {
      headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } },
    }),
  });
}
