import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_TABLE, type ErrorCode, errorEntry } from '../apps/api/src/errors/error-table.js';
import { Service } from './support/service.js';

/** The parts of an OpenAPI document that are looked at here. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Media {
  readonly schema: Schema;
  readonly example?: Readonly<Record<string, unknown>>;
}
interface Operation {
  readonly summary?: string;
  readonly requestBody: { readonly required: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Record<string, Media>; readonly headers?: object }
    >
  >;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string; readonly title: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const ENDPOINTS = ['/compare', '/mediapipe'] as const;

let service: Service;
let document: Document;
beforeAll(async () => {
  service = await Service.start();
  document = (await service.get('/openapi.json')).body as unknown as Document;
});
afterAll(() => service.stop());

it('is an OpenAPI 3.1 document of this version, with every route', async () => {
  const { version } = (await service.get('/')).body;

  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  expect(document.info.version).toBe(version);
  expect(Object.keys(document.paths).sort()).toEqual([
    '/',
    '/compare',
    '/health/live',
    '/health/ready',
    '/mediapipe',
    '/metrics',
  ]);
  for (const operations of Object.values(document.paths)) {
    for (const { summary } of Object.values(operations)) expect(summary).toBeTruthy();
  }
});

it('describes every property of every schema, and gives an example of every scalar', () => {
  const examples = document.paths['/compare']['post'].requestBody.content['application/json'].example ?? {};
  const bare: string[] = [];
  for (const [name, { properties = {} }] of Object.entries(document.components.schemas)) {
    for (const [property, schema] of Object.entries(properties)) {
      const isReference = schema.$ref !== undefined || schema.allOf !== undefined;
      const isScalar = schema.type !== 'array' && schema.type !== 'object' && !isReference;
      // A file has no example in a document; the photographs in base64 are shown once, in the body's own example.
      const isShown = schema.example !== undefined || schema.format === 'binary' || property in examples;
      if (!isReference && !schema.description) bare.push(`${name}.${property}: no description`);
      if (isScalar && !isShown) bare.push(`${name}.${property}: no example`);
    }
  }

  expect(bare).toEqual([]);
});

describe.each(ENDPOINTS)('POST %s', (path) => {
  const operation = (): Operation => document.paths[path]['post'];

  it('takes JSON and a form', () => {
    const { required, content } = operation().requestBody;

    expect(required).toBe(true);
    expect(Object.keys(content)).toEqual(['application/json', 'multipart/form-data']);
  });

  // Whoever gets to the endpoint has found it, by the method that it takes.
  const elsewhere = ['NOT_FOUND', 'METHOD_NOT_ALLOWED'];
  it.each((Object.keys(ERROR_TABLE) as ErrorCode[]).filter((code) => !elsewhere.includes(code)))(
    'tells of the error %s under its status',
    (code) => {
      const { status, advice, retryAfter } = errorEntry(code);
      const { description, content, headers = {} } = operation().responses[status];

      expect(description).toContain(`\`${code}\``);
      expect(description).toContain(advice);
      expect(content?.['application/problem+json'].schema).toEqual({ $ref: '#/components/schemas/ProblemDto' });
      if (retryAfter !== undefined) expect(headers).toHaveProperty('Retry-After');
    },
  );

  it('has an example that is answered as it says when it is sent as it is', async () => {
    const { example } = operation().requestBody.content['application/json'];
    const { status, body } = await service.post(path, JSON.stringify(example));

    expect(status).toBe(200);
    expect(body).toMatchObject({ match: true, comparison_metrics: { threshold_used: example?.['threshold'] } });
  });

  it('answers with the fields that it says, all of them and no others', async () => {
    const { example } = operation().requestBody.content['application/json'];
    const { body } = await service.post(path, JSON.stringify(example));
    const fields = (schema: string): string[] =>
      Object.keys(document.components.schemas[schema].properties ?? {}).sort();

    expect(Object.keys(body).sort()).toEqual(fields('CompareResponseDto'));
    for (const [field, schema] of [
      ['image1_metrics', 'ImageMetricsDto'],
      ['embedding2_metrics', 'EmbeddingMetricsDto'],
      ['comparison_metrics', 'ComparisonMetricsDto'],
    ] as const) {
      expect(Object.keys(body[field] as object).sort()).toEqual(fields(schema));
    }
  });
});

it('answers every other method with 405 and those that there are', async () => {
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

it('answers for a path in capitals, or with a slash at its end, as for the path itself', async () => {
  for (const path of ['/compare/', '/COMPARE', '/Compare/']) {
    const wrong = await service.get(path);
    const right = await service.post(path, '{}');

    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST');
    expect(right.status).toBe(400);
  }
});

it('allows no fields but those of the request', () => {
  for (const name of ['ComparisonRequest', 'ComparisonForm']) {
    expect(document.components.schemas[name]).toMatchObject({ additionalProperties: false });
  }
});

it('asks for a key only where the service does', async () => {
  const locked = await Service.start({ API_KEYS: 'a-key' });
  const { body } = await locked.get('/openapi.json', { 'x-api-key': 'a-key' });
  await locked.stop();

  expect(document).not.toHaveProperty('security');
  expect(body['security']).toEqual([{ key: [] }, { bearer: [] }]);
  expect(body).toMatchObject({
    components: { securitySchemes: { key: { name: 'X-API-Key', in: 'header' }, bearer: { scheme: 'bearer' } } },
  });
});

it('lists every error code, also those that no comparison is answered with', () => {
  expect(document.components.schemas['ProblemDto'].properties?.['code'].enum).toEqual(Object.keys(ERROR_TABLE));
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
    // Scripts in the page itself are what the policy forbids.
    expect(scripts.map(([, , code]) => code.trim()).join('')).toBe('');
    const sources = [
      ...scripts.map(([, attributes]) => ({ source: /src="([^"]+)"/.exec(attributes)?.[1], type: 'javascript' })),
      ...styles.map(([, source]) => ({ source, type: 'text/css' })),
    ];
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
