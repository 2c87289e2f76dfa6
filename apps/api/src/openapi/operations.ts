import type { OpenAPIObject, OperationObject, SecurityRequirementObject } from '@nestjs/swagger';
import type { PhotographRoute } from '../http/routes.js';
import { needsKey } from '../security/api-keys.js';
import { header, RATE_LIMIT_HEADERS, REQUEST_ID_PARAMETER, RESPONSE_HEADERS } from './headers.js';
import { type OperationTraits, problemResponses } from './problem-responses.js';

/** Input for describing the operations. */
export interface OperationsOptions {
  /** The routes whose requests carry photographs, by their paths. */
  readonly withPhotographs: ReadonlyMap<string, PhotographRoute>;
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
    const route = withPhotographs.get(path);
    const traits: OperationTraits = {
      takesPhotographs: route !== undefined,
      takesKey: needsKey(path),
      foreign: route?.foreign,
    };
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
    if (name !== undefined) Object.assign(components?.responses ?? {}, { [name]: response });
    responses[status] = name === undefined ? response : { $ref: `#/components/responses/${name}` };
  }
}
