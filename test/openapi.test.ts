import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_TABLE, type ErrorCode, errorEntry } from '../apps/api/src/errors/error-table.js';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { Service } from './support/service.js';

/** The parts of an OpenAPI document used here. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}
type Example = Readonly<Record<string, unknown>>;
interface Media {
  readonly schema: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: Example } | Reference>>;
}
interface Reference {
  readonly $ref: string;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
}
interface ResponseObject {
  readonly description: string;
  readonly content: Readonly<Record<string, Media>>;
  readonly headers: Readonly<Record<string, unknown>>;
}
interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters: readonly (Parameter | Reference)[];
  readonly requestBody: { readonly required: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>;
  readonly security?: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string; readonly title: string };
  readonly servers: readonly unknown[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

const ENDPOINTS = ['/compare', '/mediapipe', '/compare/many', '/detect', '/embed'] as const;

/** The example that each path's body has. */
const EXAMPLES: Readonly<Record<string, string>> = {
  '/compare': 'TwoPhotographs',
  '/mediapipe': 'TwoPhotographs',
  '/compare/many': 'ReferenceAndCandidates',
  '/detect': 'OnePhotograph',
  '/embed': 'OnePhotograph',
};

/** The parts of each answer, with the names of their schemas. */
const PARTS: Readonly<Record<string, readonly (readonly [path: string, schema: string])[]>> = {
  '/compare': [
    ['', 'Comparison'],
    ['image1_metrics', 'ImageMetrics'],
    ['image1_metrics.pose', 'Pose'],
    ['image1_metrics.quality', 'Quality'],
    ['embedding2_metrics', 'EmbeddingMetrics'],
    ['comparison_metrics', 'ComparisonMetrics'],
  ],
  '/mediapipe': [['', 'Comparison']],
  '/compare/many': [
    ['', 'Many'],
    ['results.0', 'CandidateResult'],
    ['results.0.face', 'Face'],
    ['reference_metrics', 'ImageMetrics'],
  ],
  '/detect': [
    ['', 'Detection'],
    ['faces.0', 'Face'],
  ],
  '/embed': [
    ['', 'Embeddings'],
    ['faces.0', 'EmbeddedFace'],
    ['weights', 'Weights'],
  ],
};

/** Documented fields that only some requests get, or only from some services. */
const SOMETIMES = ['matches', 'problem', 'decision', 'false_match_rate'];

let service: Service;
let document: Document;
beforeAll(async () => {
  service = await Service.start();
  document = (await service.get('/openapi.json')).body as unknown as Document;
});
afterAll(() => service.stop());

/** The target of a reference, or the object itself. */
function resolve<T extends object>(thing: T | Reference): T {
  if (!('$ref' in thing) || typeof thing.$ref !== 'string') return thing as T;
  const path = thing.$ref.slice('#/'.length).split('/');
  return path.reduce<unknown>((parent, name) => (parent as Record<string, unknown>)[name], document) as T;
}

/** Every operation, with its path. */
const operations = (): [path: string, operation: Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation): [string, Operation] => [path, operation]),
  );

/** Every response of every operation. */
const responses = (): [where: string, status: number, response: ResponseObject][] =>
  operations().flatMap(([path, operation]) =>
    Object.entries(operation.responses).map(([status, response]): [string, number, ResponseObject] => [
      `${path} ${status}`,
      Number(status),
      resolve(response),
    ]),
  );

/** The body that Swagger UI offers. */
function exampleBody(path: string): Example {
  const { examples = {} } = document.paths[path]['post'].requestBody.content['application/json'];
  return resolve(examples[EXAMPLES[path]]).value;
}

it('matches openapi.json in the repository', () => {
  const committed: unknown = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'openapi.json'), 'utf8'));

  expect(document, 'the API has changed: run `npm run openapi` to update openapi.json').toEqual(committed);
});

it('is an OpenAPI 3.1 document of this version, with every route', async () => {
  const { version } = (await service.get('/')).body;

  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  expect(document.info.version).toBe(version);
  expect(Object.keys(document.paths).sort()).toEqual([
    '/',
    '/compare',
    '/compare/many',
    '/detect',
    '/embed',
    '/health/live',
    '/health/ready',
    '/mediapipe',
    '/metrics',
  ]);
  for (const [, { summary }] of operations()) expect(summary).toBeTruthy();
});

it('names operations and schemas for client generators', () => {
  expect(Object.fromEntries(operations().map(([path, { operationId }]) => [path, operationId]))).toEqual({
    '/': 'getStatus',
    '/compare': 'compare',
    '/compare/many': 'compareMany',
    '/detect': 'detect',
    '/embed': 'embed',
    '/mediapipe': 'compareWithBlazeFace',
    '/health/live': 'getLiveness',
    '/health/ready': 'getReadiness',
    '/metrics': 'getMetrics',
  });
  expect(document.servers).toMatchObject([{ url: '/' }]);
  expect(Object.keys(document.components.schemas).filter((name) => name.endsWith('Dto'))).toEqual([]);
});

it('accepts a request id everywhere, and documents it in every response', () => {
  for (const [path, { parameters }] of operations()) {
    expect(parameters.map(resolve), path).toMatchObject([{ name: 'X-Request-Id', in: 'header', required: false }]);
  }
  for (const [where, , { headers, description }] of responses()) {
    expect(headers, where).toHaveProperty('X-Request-Id');
    expect(description, where).toBeTruthy();
  }
});

it('has examples of every error that match the error table', () => {
  const { properties = {}, required = [] } = document.components.schemas['Problem'];
  for (const [where, status, { content }] of responses()) {
    if (!('application/problem+json' in content)) continue;
    const { examples = {} } = content['application/problem+json'];
    expect(Object.keys(examples), where).not.toEqual([]);
    for (const [name, example] of Object.entries(examples)) {
      const { value } = resolve(example);
      const { title, ...entry } = errorEntry(value['code'] as ErrorCode);
      expect(value, `${where} ${name}`).toMatchObject({ status, title });
      expect(entry.status, `${where} ${name}`).toBe(status);
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(value)));
      expect(Object.keys(value)).toEqual(expect.arrayContaining([...required]));
    }
  }
});

it('documents the metrics', async () => {
  const { status, headers } = await service.get('/metrics');
  const [documented] = Object.keys(resolve(document.paths['/metrics']['get'].responses[status]).content);
  const parts = (type: string | null): string[] => (type ?? '').split(/; */).sort();

  expect(parts(headers.get('content-type'))).toEqual(parts(documented));
});

it('describes every property of every schema, and gives an example of every scalar', () => {
  const examples = Object.assign({}, ...ENDPOINTS.map(exampleBody)) as Example;
  const bare: string[] = [];
  for (const [name, { properties = {} }] of Object.entries(document.components.schemas)) {
    for (const [property, schema] of Object.entries(properties)) {
      const isReference = schema.$ref !== undefined || schema.allOf !== undefined;
      const isScalar = schema.type !== 'array' && schema.type !== 'object' && !isReference;
      // Files have no example in a document; the base64 photographs are shown once, in the body's own example.
      const isShown = schema.example !== undefined || schema.format === 'binary' || property in examples;
      if (!isReference && !schema.description) bare.push(`${name}.${property}: no description`);
      if (isScalar && !isShown) bare.push(`${name}.${property}: no example`);
    }
  }

  expect(bare).toEqual([]);
});

describe.each(ENDPOINTS)('POST %s', (path) => {
  const operation = (): Operation => document.paths[path]['post'];

  it('accepts JSON and a form', () => {
    const { required, content } = operation().requestBody;

    expect(required).toBe(true);
    expect(Object.keys(content)).toEqual(['application/json', 'multipart/form-data']);
  });

  // Any other error shows that the path and method were found.
  const elsewhere = ['NOT_FOUND', 'METHOD_NOT_ALLOWED'];
  it.each((Object.keys(ERROR_TABLE) as ErrorCode[]).filter((code) => !elsewhere.includes(code)))(
    'documents the error %s under its status',
    (code) => {
      const { status, advice, retryAfter } = errorEntry(code);
      const { description, content, headers } = resolve(operation().responses[status]);
      const media = content['application/problem+json'];

      expect(description).toContain(`\`${code}\``);
      expect(description).toContain(advice);
      expect(media.schema).toEqual({ $ref: '#/components/schemas/Problem' });
      expect(media.examples).toMatchObject({ [code]: { value: { code } } });
      const retries = retryAfter !== undefined || code === 'RATE_LIMITED';
      expect('Retry-After' in headers).toBe(retries);
      expect('RateLimit' in headers).toBe(code === 'RATE_LIMITED');
    },
  );

  it('has an example that gets the documented response when sent unchanged', async () => {
    const example = exampleBody(path);
    const { status, body } = await service.post(path, JSON.stringify(example));

    expect(status).toBe(200);
    if (path === '/compare' || path === '/mediapipe') {
      expect(body).toMatchObject({ match: true, comparison_metrics: { threshold_used: example['threshold'] } });
    } else if (path === '/compare/many') expect(body['results']).toMatchObject([{ index: 0, match: true }]);
    else expect(body['faces']).toHaveLength(1);
  });

  it('returns exactly the documented fields', async () => {
    const { body } = await service.post(path, JSON.stringify(exampleBody(path)));
    for (const [where, schema] of PARTS[path]) {
      const part = where
        .split('.')
        .reduce<unknown>((value, name) => (name === '' ? value : (value as Record<string, unknown>)[name]), body);
      const documented = Object.keys(document.components.schemas[schema].properties ?? {});
      const expected = documented.filter((name) => !SOMETIMES.includes(name)).sort();
      expect(Object.keys(part as object).sort(), `${path} ${where}`).toEqual(expected);
    }
  });
});

it('rejects every other method with 405 and lists the allowed ones', async () => {
  for (const path of [...Object.keys(document.paths), '/openapi.json', '/docs']) {
    const documented = Object.keys(document.paths[path] ?? { get: {} }).map((method) => method.toUpperCase());
    const allowed = documented.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await fetch(service.url + path, { method });
      const isAllowed = allowed.includes(method);
      expect(status === 405, `${method} ${path}: ${status}`).toBe(!isAllowed);
      expect(headers.get('allow')).toBe(isAllowed ? null : allowed.join(', '));
    }
  }
});

it('accepts a path in capitals, or with a trailing slash', async () => {
  for (const path of ['/compare/', '/COMPARE', '/Compare/']) {
    const wrong = await service.get(path);
    const right = await service.post(path, '{}');

    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST');
    expect(right.status).toBe(400);
  }
});

it('allows no fields but those of the request', () => {
  const bodies = ['Comparison', 'Many', 'Detection', 'Embedding'].flatMap((name) => [`${name}Request`, `${name}Form`]);
  for (const name of [...bodies, 'Candidate']) {
    expect(document.components.schemas[name]).toMatchObject({ additionalProperties: false });
  }
});

it('requires a key only if the service does, and says how to send one even if it does not', async () => {
  const locked = await Service.start({ API_KEYS: 'a-key' });
  const withKeys = (await locked.get('/openapi.json', { 'x-api-key': 'a-key' })).body as unknown as Document;
  const answers = new Map<string, number>();
  for (const [path] of operations()) answers.set(path, (await locked.get(path)).status);
  await locked.stop();

  const ways = [{ key: [] }, { bearer: [] }];
  for (const [path, { responses, security }] of operations()) {
    const isAsked = answers.get(path) === 401;
    const required = Object.values(withKeys.paths[path])[0].security;
    expect([security, required], path).toEqual(isAsked ? [[{}, ...ways], ways] : [undefined, undefined]);
    expect('401' in responses, path).toBe(isAsked);
  }
  expect([...answers.values()]).toContain(401);
  expect(withKeys.components).toEqual(document.components);
  expect(document.components.securitySchemes).toEqual({
    key: { type: 'apiKey', name: 'X-API-Key', in: 'header', description: expect.any(String) as string },
    bearer: { type: 'http', scheme: 'bearer', description: expect.any(String) as string },
  });
});

it('lists every error code, also those that no comparison returns', () => {
  expect(document.components.schemas['Problem'].properties?.['code'].enum).toEqual(Object.keys(ERROR_TABLE));
});

describe('/docs', () => {
  it('is Swagger UI, with everything it loads reachable and allowed by its own security policy', async () => {
    const { status, headers, body } = await service.get('/docs');
    const html = String(body['text']);
    const scripts = [...html.matchAll(/<script\b([^>]*)>([^]*?)<\/script>/g)];
    const styles = [...html.matchAll(/<link rel="stylesheet"[^>]*href="([^"]+)"/g)];

    expect(status).toBe(200);
    expect(html).toContain('Face comparison API');
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self'(;|$)/);
    expect(scripts.length).toBeGreaterThanOrEqual(3);
    expect(styles.length).toBeGreaterThanOrEqual(1);
    // The policy forbids inline scripts.
    expect(scripts.map(([, , code]) => code.trim()).join('')).toBe('');
    const sources = [
      ...scripts.map(([, attributes]) => ({ source: /src="([^"]+)"/.exec(attributes)?.[1], type: 'javascript' })),
      ...styles.map(([, source]) => ({ source, type: 'text/css' })),
    ];
    expect(sources.length).toBeGreaterThanOrEqual(2);
    for (const { source = '', type } of sources) {
      const address = new URL(source, `${service.url}/docs`);
      const asset = await fetch(address);

      expect(address.origin).toBe(service.url);
      expect(asset.status).toBe(200);
      expect(asset.headers.get('content-type')).toContain(type);
      expect((await asset.text()).length).toBeGreaterThan(100);
    }
  });

  it('shows this document', async () => {
    const script = String((await service.get('/docs/swagger-ui-init.js')).body['text']);

    for (const path of Object.keys(document.paths)) expect(script).toContain(JSON.stringify(path));
    expect(script).not.toMatch(/https?:\/\/(?!www\.rfc-editor\.org|opensource\.org|127\.0\.0\.1)[a-z]/);
  });
});
