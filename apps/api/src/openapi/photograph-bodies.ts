import type { OpenAPIObject } from '@nestjs/swagger';
import { FORMAT_NAMES } from '#face';
import { base64Field } from '../http/body/json-input.js';
import type { PhotographRoute } from '../http/routes.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Exclude<Schemas[string], { $ref: string }>;

const ORDINALS = ['first ', 'second '];

/**
 * Describes the bodies of requests with photographs, as JSON and as a form. Nest describes one schema for all content
 * types of a body, and the photographs are declared on the route, not in a class.
 *
 * @param example of a JSON body
 */
export function describeBodies(
  document: OpenAPIObject,
  routes: readonly [path: string, route: PhotographRoute][],
  example: unknown,
): void {
  const schemas = document.components?.schemas ?? {};
  for (const [path, { photographs, options }] of routes) {
    const operation = document.paths[path].post;
    if (operation === undefined) throw new Error(`${path}: not in the OpenAPI document`);
    const name = options.name.replace('OptionsDto', '');
    const fields = (schemas[options.name] as Schema).properties ?? {};
    schemas[`${name}Request`] = body(fields, Object.fromEntries(photographs.map(inBase64)));
    schemas[`${name}Form`] = body(fields, Object.fromEntries(photographs.map(asFile)));
    operation.requestBody = {
      required: true,
      content: {
        'application/json': {
          schema: reference(`${name}Request`),
          examples: { TwoPhotographs: { $ref: '#/components/examples/TwoPhotographs' } },
        },
        'multipart/form-data': { schema: reference(`${name}Form`) },
      },
    };
  }
  // Shared by all, as the photographs make up most of it.
  const TwoPhotographs = { summary: 'Two photographs of one man', value: example };
  document.components = { ...document.components, examples: { TwoPhotographs } };
  // They are now part of the bodies' schemas.
  for (const [, { options }] of routes) Reflect.deleteProperty(schemas, options.name);
}

const reference = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

const body = (fields: Schemas, photographs: Schemas): Schema => ({
  type: 'object',
  properties: { ...photographs, ...fields },
  required: Object.keys(photographs),
  additionalProperties: false,
});

type Named = [name: string, schema: Schema];

const which = (at: number, { length }: readonly string[]): string => `The ${length > 1 ? ORDINALS[at] : ''}photograph`;

const inBase64 = (name: string, at: number, all: readonly string[]): Named => [
  base64Field(name),
  {
    type: 'string',
    minLength: 1,
    description: `${which(at, all)} in base64 (plain or a data: URL): ${FORMAT_NAMES}, at least 20 px a side.`,
  },
];

const asFile = (name: string, at: number, all: readonly string[]): Named => [
  name,
  { type: 'string', format: 'binary', description: `${which(at, all)}, as a file.` },
];
