import { HttpStatus } from '@nestjs/common';
import { type ExampleObject, getSchemaPath, type HeadersObject, type ResponseObject } from '@nestjs/swagger';
import { errorEntry } from '../errors/error-table.js';
import { ProblemDto } from '../errors/problem.dto.js';
import { header, RATE_LIMIT_HEADERS } from './headers.js';
import {
  bothPhotographsExample,
  DOCUMENTED_CODES,
  type DocumentedCode,
  problemExample,
  withoutHostExample,
} from './problem-examples.js';

/** What determines the errors of an operation. */
export interface OperationTraits {
  readonly takesPhotographs: boolean;
  /** Whether it requires a key when any is configured. */
  readonly takesKey: boolean;
}

/** A shared error response, under its component name. */
export interface ProblemResponse {
  readonly name: string;
  readonly status: number;
  readonly response: ResponseObject;
}

/** Errors that any request can get. */
const ANYWHERE: ReadonlySet<DocumentedCode> = new Set([
  'INVALID_REQUEST',
  'REQUEST_TIMEOUT',
  'EXPECTATION_FAILED',
  'HEADERS_TOO_LARGE',
  'INTERNAL',
]);

/** The error responses of an operation, one per status. */
export function problemResponses({ takesPhotographs, takesKey }: OperationTraits): ProblemResponse[] {
  const codes = DOCUMENTED_CODES.filter(
    (code) => ANYWHERE.has(code) || (code === 'UNAUTHORIZED' ? takesKey : takesPhotographs),
  );
  const statuses = [...new Set(codes.map((code) => errorEntry(code).status))];
  return statuses.map((status) => {
    const ofStatus = codes.filter((code) => errorEntry(code).status === status);
    const name = pascalCase(ofStatus.length > 1 ? HttpStatus[status] : ofStatus[0]);
    return { name, status, response: response(ofStatus, takesPhotographs) };
  });
}

function response(codes: readonly DocumentedCode[], takesPhotographs: boolean): ResponseObject {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorEntry(code).title}. ${errorEntry(code).advice}`).join('\n\n'),
    headers: headers(codes),
    content: {
      'application/problem+json': {
        schema: { $ref: getSchemaPath(ProblemDto) },
        examples: examples(codes, takesPhotographs),
      },
    },
  };
}

function headers(codes: readonly DocumentedCode[]): HeadersObject {
  const isRateLimit = codes.includes('RATE_LIMITED');
  const retries = isRateLimit || codes.some((code) => errorEntry(code).retryAfter !== undefined);
  return {
    'X-Request-Id': header('RequestId'),
    ...(retries && { 'Retry-After': header('RetryAfter') }),
    ...(isRateLimit && RATE_LIMIT_HEADERS),
    ...(codes.includes('UNAUTHORIZED') && { 'WWW-Authenticate': header('WwwAuthenticate') }),
  };
}

/** An example for each code, by its name. */
function examples(codes: readonly DocumentedCode[], takesPhotographs: boolean): Record<string, ExampleObject> {
  const ofCodes = codes.map((code): [string, ExampleObject] => {
    const isOfFields = code !== 'INVALID_REQUEST' || takesPhotographs;
    return [code, { summary: errorEntry(code).title, value: isOfFields ? problemExample(code) : withoutHostExample() }];
  });
  const both = bothPhotographsExample();
  const isAmong = codes.some((code) => code === both.code);
  return {
    ...Object.fromEntries(ofCodes),
    ...(isAmong && { BOTH_PHOTOGRAPHS: { summary: 'Both photographs are wrong', value: both } }),
  };
}

/** NO_FACE → NoFace. */
const pascalCase = (name: string): string =>
  name.toLowerCase().replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
