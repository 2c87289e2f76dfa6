import { HttpStatus } from '@nestjs/common';
import { type ExampleObject, getSchemaPath, type HeadersObject, type ResponseObject } from '@nestjs/swagger';
import { errorEntry } from '../errors/error-table.js';
import { ProblemDto } from '../errors/problem.dto.js';
import { ServiceError } from '../errors/service-error.js';
import type { ForeignApi } from '../http/routes.js';
import { header, RATE_LIMIT_HEADERS } from './headers.js';
import {
  bothPhotographsExample,
  DOCUMENTED_CODES,
  type DocumentedCode,
  errorExample,
  problemExample,
  REQUEST_ID,
  withoutHostExample,
} from './problem-examples.js';

/** What determines the errors of an operation. */
export interface OperationTraits {
  readonly takesPhotographs: boolean;
  /** Whether it requires a key when any is configured. */
  readonly takesKey: boolean;
  /** Whose errors it returns, if not the service's own. */
  readonly foreign: ForeignApi | undefined;
}

/** An error response. */
export interface ProblemResponse {
  /** The name of its component, if operations share it. */
  readonly name?: string;
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
export function problemResponses({ takesPhotographs, takesKey, foreign }: OperationTraits): ProblemResponse[] {
  const codes = DOCUMENTED_CODES.filter(
    (code) => ANYWHERE.has(code) || (code === 'UNAUTHORIZED' ? takesKey : takesPhotographs),
  );
  if (foreign === undefined) return ownResponses(codes, takesPhotographs);
  const [elsewhere, here] = [codes.filter(isBeforeRoutes), codes.filter((code) => !isBeforeRoutes(code))];
  return [...ownResponses(elsewhere, takesPhotographs), ...foreignResponses(here, foreign)];
}

/** Headers that are too large never become a request, and so have no path whose format the error could have. */
const isBeforeRoutes = (code: DocumentedCode): boolean => code === 'HEADERS_TOO_LARGE';

function ownResponses(codes: readonly DocumentedCode[], takesPhotographs: boolean): ProblemResponse[] {
  const statuses = [...new Set(codes.map((code) => errorEntry(code).status))];
  return statuses.map((status) => {
    const ofStatus = codes.filter((code) => errorEntry(code).status === status);
    const name = pascalCase(ofStatus.length > 1 ? HttpStatus[status] : ofStatus[0]);
    return { name, status, response: response(ofStatus, takesPhotographs) };
  });
}

/** Errors that another product's API returns, in its form and with its statuses. */
function foreignResponses(codes: readonly DocumentedCode[], { errorFormat, error }: ForeignApi): ProblemResponse[] {
  const answers = codes
    // They have no reject_on.
    .filter((code) => code !== 'LOW_QUALITY')
    .map((code) => ({ code, ...errorFormat(foreignExample(code), REQUEST_ID) }));
  const statuses = [...new Set(answers.map(({ status }) => status))];
  return statuses.map((status) => {
    const ofStatus = answers.filter((answer) => answer.status === status);
    const examples = ofStatus.map(({ code, body }): [string, ExampleObject] => [
      code,
      { summary: errorEntry(code).title, value: JSON.parse(body) as object },
    ]);
    const ofCodes = ofStatus.map(({ code }) => code);
    return {
      status,
      response: {
        description: describe(ofCodes),
        headers: headers(ofCodes),
        content: {
          'application/json': { schema: { $ref: getSchemaPath(error) }, examples: Object.fromEntries(examples) },
        },
      },
    };
  });
}

/** Their fields are others. */
const foreignExample = (code: DocumentedCode): ServiceError =>
  code === 'INVALID_REQUEST' ? new ServiceError(code, 'colour is not a known field.') : errorExample(code);

const describe = (codes: readonly DocumentedCode[]): string =>
  codes.map((code) => `\`${code}\`: ${errorEntry(code).title}. ${errorEntry(code).advice}`).join('\n\n');

function response(codes: readonly DocumentedCode[], takesPhotographs: boolean): ResponseObject {
  return {
    description: describe(codes),
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
