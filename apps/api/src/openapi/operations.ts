import type { OpenAPIObject, OperationObject, SecurityRequirementObject } from '@nestjs/swagger';
import { needsKey } from '../security/api-keys.js';
import { header, RATE_LIMIT_HEADERS, REQUEST_ID_PARAMETER, RESPONSE_HEADERS } from './headers.js';
import { type OperationTraits, problemResponses } from './problem-responses.js';

/** Input for describing the operations. */
export interface OperationsOptions {
  /** Paths whose requests carry photographs. */
  readonly withPhotographs: readonly string[];
  /** Whether API keys are configured. */
  readonly hasKeys: boolean;
}

/** The two ways to send a key. */
const KEY_REQUIREMENTS: readonly SecurityRequirementObject[] = [{ key: [] }, { bearer: [] }];

/**
 * Adds what all operations share: the request id, the key and the errors. Operations that require a key when one is
 * configured always say how to send it; without keys, the empty requirement says that none is needed. This way, clients
 * generated from the document in the repository, which comes from a service with default settings, can send a key.
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
