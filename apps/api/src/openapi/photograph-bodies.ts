import { getSchemaPath, type OpenAPIObject, type ParameterObject } from '@nestjs/swagger';
import { FORMAT_NAMES } from '#face';
import type { PhotographName } from '../errors/service-error.js';
import { jsonField } from '../http/body/json-input.js';
import type { PhotographList, PhotographRoute } from '../http/routes.js';
import { exampleBodies, exampleOf } from './example-photographs.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Exclude<Schemas[string], { $ref: string }>;

/** What each photograph is, at the beginning of a sentence. */
const TITLES: Readonly<Record<PhotographName, string>> = {
  image1: 'The first photograph',
  image2: 'The second photograph',
  image: 'The photograph',
  reference: 'The photograph that all others are compared with',
  candidate: 'The candidate’s photograph',
  source_image: 'The photograph of one face',
  target_image: 'The photograph whose faces are compared with it',
  img1: 'The first photograph',
  img2: 'The second photograph',
};

/**
 * Describes the bodies of requests with photographs, as JSON and as a form. Nest describes one schema for all content
 * types of a body, and the photographs are declared on the route, not in a class.
 */
export function describeBodies(
  document: OpenAPIObject,
  routes: readonly [path: string, route: PhotographRoute][],
): void {
  const schemas = document.components?.schemas ?? {};
  for (const [path, route] of routes) {
    const { photographs, options, list } = route;
    const operation = document.paths[path].post;
    if (operation === undefined) throw new Error(`${path}: not in the OpenAPI document`);
    const name = options.name.replace('OptionsDto', '');
    const fields = (schemas[options.name] as Schema).properties ?? {};
    const inJson = photographs.map((photograph) => inBase64(photograph, route));
    schemas[`${name}Request`] = body(fields, Object.fromEntries([...inJson, ...listed(list)]));
    schemas[`${name}Form`] = body(fields, Object.fromEntries([...photographs.map(asFile), ...listedFiles(list)]));
    if (route.foreign?.takesQuery === true)
      operation.parameters = [...(operation.parameters ?? []), ...inQuery(fields)];
    const example = exampleOf(route);
    if (list !== undefined) Object.assign(schemas[list.item.name.replace('Dto', '')], { additionalProperties: false });
    operation.requestBody = {
      required: true,
      content: {
        'application/json': {
          schema: reference(`${name}Request`),
          examples: { [example]: { $ref: `#/components/examples/${example}` } },
        },
        'multipart/form-data': { schema: reference(`${name}Form`) },
      },
    };
  }
  document.components = { ...document.components, examples: exampleBodies(routes.map(([, route]) => route)) };
  // They are now part of the bodies' schemas.
  for (const [, { options }] of routes) Reflect.deleteProperty(schemas, options.name);
}

/** Fields as query parameters, whose lists are separated by commas. */
const inQuery = (fields: Schemas): ParameterObject[] =>
  Object.entries(fields).map(([name, field]) => {
    const { description = '', ...schema } = field as Schema;
    return {
      name,
      in: 'query',
      required: false,
      description,
      schema,
      ...(schema.type === 'array' && { explode: false }),
    };
  });

const reference = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

const body = (fields: Schemas, photographs: Schemas): Schema => ({
  type: 'object',
  properties: { ...photographs, ...fields },
  required: Object.keys(photographs),
  additionalProperties: false,
});

type Named = [name: string, schema: Schema];

const inBase64 = (name: PhotographName, route: PhotographRoute): Named => [
  jsonField(name, route),
  photographSchema(name),
];

const photographSchema = (name: PhotographName): Schema => ({
  type: 'string',
  minLength: 1,
  description: `${TITLES[name]} in base64 (plain or a data: URL): ${FORMAT_NAMES}, at least 20 px a side.`,
});

const asFile = (name: PhotographName): Named => [
  name,
  { type: 'string', format: 'binary', description: `${TITLES[name]}, as a file.` },
];

function listed(list: PhotographList | undefined): Named[] {
  if (list === undefined) return [];
  const { field, max, item } = list;
  const items = { $ref: getSchemaPath(item) };
  return [[field, { type: 'array', items, minItems: 1, maxItems: max, description: `1 to ${max} of them.` }]];
}

function listedFiles(list: PhotographList | undefined): Named[] {
  if (list === undefined) return [];
  const { file, max } = list;
  const items: Schema = { type: 'string', format: 'binary' };
  const description = `1 to ${max} photographs, as files; repeat the field.`;
  return [[file, { type: 'array', items, minItems: 1, maxItems: max, description }]];
}
