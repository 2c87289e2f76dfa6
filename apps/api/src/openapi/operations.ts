import type { OpenAPIObject, OperationObject, SecurityRequirementObject } from '@nestjs/swagger';
import { needsKey } from '../security/api-keys.js';
import { header, RATE_LIMIT_HEADERS, REQUEST_ID_PARAMETER, RESPONSE_HEADERS } from './headers.js';
import { type OperationTraits, problemResponses } from './problem-responses.js';

/** What the operations are described from. */
export interface OperationsOptions {
  /** The paths whose requests bring photographs. */
  readonly withPhotographs: readonly string[];
  /** Whether the service has keys. */
  readonly hasKeys: boolean;
}

/** The two ways to send a key. */
const KEY_REQUIREMENTS: readonly SecurityRequirementObject[] = [{ key: [] }, { bearer: [] }];

/**
 * Adds what operations share and decorators would have to repeat: the request's id, the key, and the errors.
 *
 * Whether the service has keys or not, an operation that would ask for one says how it is sent; a service without keys says
 * with the empty requirement that none is needed. So the document of a service with the default settings, which is in the
 * repository, makes clients that can send a key.
 */
export function describeOperations(document: OpenAPIObject, { withPhotographs, hasKeys }: OperationsOptions): void {
  document.components = {
    ...document.components,
    parameters: { RequestId: REQUEST_ID_PARAMETER },
    headers: RESPONSE_HEADERS,
    responses: {},
  };
  for (const [path, methods] of Object.entries(document.paths)) {
    const traits: OperationTraits = { takesPhotographs: withPhotographs.includes(path), takesKey: needsKey(path) };
    for (const operation of Object.values(methods) as OperationObject[]) {
      operation.parameters = [...(operation.parameters ?? []), { $ref: '#/components/parameters/RequestId' }];
      if (traits.takesKey) operation.security = hasKeys ? [...KEY_REQUIREMENTS] : [{}, ...KEY_REQUIREMENTS];
      describeResponses(document, operation, traits);
    }
  }
}

function describeResponses(
  { components }: OpenAPIObject,
  { responses }: OperationObject,
  traits: OperationTraits,
): void {
  for (const [status, response] of Object.entries(responses)) {
    if (response === undefined || '$ref' in response) continue;
    const ofRateLimit = status === '200' && traits.takesPhotographs ? RATE_LIMIT_HEADERS : {};
    response.headers = { 'X-Request-Id': header('RequestId'), ...response.headers, ...ofRateLimit };
  }
  for (const { name, status, response } of problemResponses(traits)) {
    Object.assign(components?.responses ?? {}, { [name]: response });
    responses[status] = { $ref: `#/components/responses/${name}` };
  }
}
