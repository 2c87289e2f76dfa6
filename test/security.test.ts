import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawCaller } from './support/raw-caller.js';
import { FORM_TYPE, jsonBody, multipart } from './support/bodies.js';
import { askThenPost, rawPost } from './support/raw-http.js';
import { type Answer, photograph, Service } from './support/service.js';

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');
const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;
const JSON_TYPE = { 'content-type': 'application/json' };

function expectProblem({ status, headers, body }: Answer, expected: number, code: string): void {
  expect(body).toMatchObject({ status: expected, code });
  expect(status).toBe(expected);
  expect(headers.get('content-type')).toContain('application/problem+json');
}

describe('with API_KEYS', () => {
  const PLAIN = 'a-plain-key-of-the-first-caller';
  const HASHED = 'a-key-of-which-only-the-hash-is-set';
  const HASH = createHash('sha256').update(HASHED).digest('hex');
  const OPEN = ['/', '/health/live', '/health/ready'];
  const CLOSED = ['/docs', '/docs/swagger-ui.css', '/openapi.json', '/metrics', '/health', '/health/live/', '/nowhere'];

  let service: Service;
  beforeAll(async () => {
    service = await Service.start({ API_KEYS: ` ${PLAIN} , sha256:${HASH.toUpperCase()}`, LOG_LEVEL: 'debug' });
  });
  afterAll(() => service.stop());

  it.each(OPEN)('%s answers without a key', async (path) => {
    expect((await service.get(path)).status).toBe(200);
  });

  it.each([
    ['the plain key in X-API-Key', { 'x-api-key': PLAIN }],
    ['the hashed key in X-API-Key', { 'x-api-key': HASHED }],
    ['the plain key as a bearer token', { authorization: `Bearer ${PLAIN}` }],
    ['the hashed key as a bearer token, with a lower-case scheme', { authorization: `bearer ${HASHED}` }],
    ['the plain key as a password, as browsers send it', { authorization: basic(`anyone:${PLAIN}`) }],
  ])('%s is accepted everywhere', async (_name, headers) => {
    for (const path of ['/docs', '/openapi.json', '/metrics']) {
      expect((await service.get(path, headers)).status).toBe(200);
    }
    const form = multipart([
      { name: 'image1', filename: 'a.jpg', content: obama },
      { name: 'image2', filename: 'b.jpg', content: obama2 },
    ]);
    const type = { 'content-type': FORM_TYPE };
    const answer = await rawPost(`${service.url}/mediapipe`, { ...type, ...headers }, form);

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ match: true });
  });

  const WRONG: [string, Record<string, string>][] = [
    ['no key', {}],
    ['an empty key', { 'x-api-key': '' }],
    ['another key', { 'x-api-key': 'guess' }],
    ['a key without its last letter', { 'x-api-key': PLAIN.slice(0, -1) }],
    ['a key with an extra letter', { 'x-api-key': `${PLAIN}x` }],
    ['a key in another case', { 'x-api-key': PLAIN.toUpperCase() }],
    ['both keys at once', { 'x-api-key': `${PLAIN},${HASHED}` }],
    ['the hash instead of its key', { 'x-api-key': HASH }],
    ['the hash as configured', { 'x-api-key': `sha256:${HASH}` }],
    ['the key as another scheme', { authorization: `Digest ${PLAIN}` }],
    ['the key instead of user name and password', { authorization: `Basic ${PLAIN}` }],
    ['the key as the user name', { authorization: basic(`${PLAIN}:`) }],
    ['the key with another password appended', { authorization: basic(`anyone:${PLAIN}:x`) }],
    ['the key without a scheme', { authorization: PLAIN }],
    ['a bearer without a key', { authorization: 'Bearer ' }],
    ['a wrong key next to the right one', { 'x-api-key': 'guess', authorization: `Bearer ${PLAIN}` }],
  ];

  it.each(WRONG)('%s is rejected', async (_name, headers) => {
    const answers = await Promise.all([
      ...CLOSED.map((path) => service.get(path, headers)),
      service.post('/compare', '{}', headers),
      service.post('/mediapipe', '{}', headers),
      service.post('/compare/', '{}', headers),
    ]);

    for (const answer of answers) {
      expectProblem(answer, 401, 'UNAUTHORIZED');
    }
    const [docs, asset, ...others] = answers.map(({ headers: sent }) => sent.get('www-authenticate'));
    expect([docs, asset]).toEqual(['Basic realm="API key"', 'Basic realm="API key"']);
    expect(new Set(others)).toEqual(new Set(['Bearer']));
  });

  it.each([
    'http:///metrics',
    'ftp:///metrics',
    'HTTP:///openapi.json',
    '//metrics',
    '/health/live#/../metrics',
    '/docs/..',
  ])('the target %s bypasses nothing', async (target) => {
    const caller = (await RawCaller.connect(service.url)).read();
    caller.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await caller.closed();

    expect([400, 401]).toContain(caller.statuses.at(-1));
  });

  it('a client without a key is not asked for its body', async () => {
    const body = jsonBody(obama, obama2);
    const url = `${service.url}/mediapipe`;
    const without = await askThenPost(url, JSON_TYPE, body);
    const withKey = await askThenPost(url, { ...JSON_TYPE, 'x-api-key': PLAIN }, body);

    expectProblem(without.answer, 401, 'UNAUTHORIZED');
    expect(without.asked).toBe(false);
    expect(withKey.answer).toMatchObject({ status: 200, body: { match: true } });
    expect(withKey.asked).toBe(true);
  });

  it('a body of an unsupported type is not asked for', async () => {
    const { answer, asked } = await askThenPost(
      `${service.url}/compare`,
      { 'content-type': 'text/plain', 'x-api-key': PLAIN },
      'x',
    );

    expectProblem(answer, 415, 'UNSUPPORTED_MEDIA_TYPE');
    expect(asked).toBe(false);
  });

  it('no key, right or wrong, appears in a log line, a response or a metric', async () => {
    const wrong = 'a-wrong-key-that-nobody-should-read';
    const answers = [
      await service.get('/metrics', { 'x-api-key': PLAIN }),
      await service.get(`/nowhere?key=${PLAIN}`, { 'x-api-key': PLAIN }),
      await service.post('/compare', '{}', { authorization: `Bearer ${HASHED}` }),
      await service.post('/compare', '{}', { 'x-api-key': wrong }),
    ];
    const told = JSON.stringify(answers.map(({ headers, body }) => [[...headers], body])) + service.output;

    expect(answers.map(({ status }) => status)).toEqual([200, 404, 400, 401]);
    expect(service.output).toContain('"code":"UNAUTHORIZED"');
    for (const secret of [PLAIN, HASHED, HASH, wrong]) expect(told).not.toContain(secret);
  });
});

describe('with RATE_LIMIT_PER_MINUTE', () => {
  const LIMIT = 3;
  const compare = (service: Service, key?: string): Promise<Answer> =>
    service.post('/compare', '{}', key === undefined ? {} : { 'x-api-key': key });

  function expectLimited(answer: Answer): void {
    expectProblem(answer, 429, 'RATE_LIMITED');
    const seconds = Number(answer.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
  }

  it('limits comparisons per minute by key, over both endpoints, without affecting other keys', async () => {
    const service = await Service.start({ API_KEYS: 'first,second', RATE_LIMIT_PER_MINUTE: String(LIMIT) });
    for (let i = 0; i < LIMIT; i++) expectProblem(await compare(service, 'first'), 400, 'INVALID_REQUEST');

    expectLimited(await compare(service, 'first'));
    expectLimited(await service.post('/mediapipe', '{}', { authorization: 'Bearer first' }));
    expectLimited(await service.post('/COMPARE/', '{}', { 'x-api-key': 'first' }));
    expectProblem(await compare(service, 'second'), 400, 'INVALID_REQUEST');
    expectProblem(await compare(service, 'third'), 401, 'UNAUTHORIZED');
    await service.stop();
  });

  it('limits by address without keys; headers cannot fake another one, and health is not limited', async () => {
    const service = await Service.start({ RATE_LIMIT_PER_MINUTE: String(LIMIT) });
    for (let i = 0; i < LIMIT; i++) expectProblem(await compare(service), 400, 'INVALID_REQUEST');

    expectLimited(await compare(service));
    expectLimited(await service.post('/compare', '{}', { 'x-forwarded-for': '203.0.113.7' }));
    for (let i = 0; i < 2 * LIMIT; i++) {
      for (const path of ['/', '/health/live', '/health/ready']) expect((await service.get(path)).status).toBe(200);
    }
    await service.stop();
  });

  it('limits by forwarded address behind a trusted proxy', async () => {
    const service = await Service.start({ RATE_LIMIT_PER_MINUTE: '1', TRUST_PROXY: '1' });
    const from = (address: string): Promise<Answer> => service.post('/compare', '{}', { 'x-forwarded-for': address });

    expectProblem(await from('203.0.113.7'), 400, 'INVALID_REQUEST');
    expectLimited(await from('203.0.113.7'));
    expectLimited(await from('198.51.100.1, 203.0.113.7'));
    expectProblem(await from('203.0.113.8'), 400, 'INVALID_REQUEST');
    // Some proxies add the port, which differs between connections.
    expectLimited(await from('203.0.113.8:1001'));
    expectLimited(await from('203.0.113.8:1002'));
    expectProblem(await from('[2001:db8::1]:1001'), 400, 'INVALID_REQUEST');
    expectLimited(await from('2001:db8::1'));
    await service.stop();
  });
});

const ORIGIN = { origin: 'https://app.example' };

async function preflight(service: Service, origin: string): Promise<Response> {
  const headers = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
  return fetch(`${service.url}/compare`, { method: 'OPTIONS', headers });
}

describe('with the default settings', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start();
  });
  afterAll(() => service.stop());

  it('no key is needed, and there is no limit', async () => {
    for (let i = 0; i < 100; i++) {
      const answer = await service.post('/compare', '{}');
      expect(answer.body).toMatchObject({ code: 'INVALID_REQUEST' });
      expect(answer.headers.get('ratelimit')).toBeNull();
    }
  });

  it('pages of other origins are not allowed', async () => {
    const answer = await service.get('/', ORIGIN);
    const asked = await preflight(service, ORIGIN.origin);

    expect(answer.status).toBe(200);
    expect(asked.ok).toBe(false);
    for (const { headers } of [answer, asked]) expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each(['/', '/docs', '/openapi.json', '/metrics', '/nowhere', '/compare'])(
    '%s carries the security headers, and none that identifies the server',
    async (path) => {
      const { headers } = await service.get(path);

      const policy = headers.get('content-security-policy');
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("object-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
    },
  );
});

it('with CORS_ORIGINS, only pages of these origins are allowed; a preflight needs no key', async () => {
  const service = await Service.start({
    CORS_ORIGINS: `https://other.example, ${ORIGIN.origin}`,
    API_KEYS: 'key',
  });
  const asked = await preflight(service, ORIGIN.origin);
  const refused = await preflight(service, 'https://evil.example');
  const called = await service.post('/compare', '{}', { ...ORIGIN, 'x-api-key': 'key' });
  const unauthorized = await service.post('/compare', '{}', ORIGIN);

  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe(ORIGIN.origin);
  expect(asked.headers.get('access-control-allow-methods')).toContain('POST');
  expect(asked.headers.get('access-control-allow-headers')).toContain('content-type');
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  expect(called.headers.get('access-control-allow-origin')).toBe(ORIGIN.origin);
  expect(called.headers.get('vary')).toContain('Origin');
  expect(called.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  expectProblem(unauthorized, 401, 'UNAUTHORIZED');
  expect(unauthorized.headers.get('access-control-allow-origin')).toBe(ORIGIN.origin);
  await service.stop();
});

it('with CORS_ORIGINS=*, pages of every origin are allowed', async () => {
  const service = await Service.start({ CORS_ORIGINS: '*' });
  const asked = await preflight(service, 'https://any.example');
  const called = await service.post('/compare', '{}', { origin: 'https://any.example' });

  expect(asked.status).toBe(204);
  for (const { headers } of [asked, called]) expect(headers.get('access-control-allow-origin')).toBe('*');
  await service.stop();
});

describe('the location of a photograph', () => {
  let connections = 0;
  let listener: Server;
  let service: Service;
  let url: string;
  beforeAll(async () => {
    listener = createServer((socket) => {
      connections++;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/face.jpg`;
    service = await Service.start();
  });
  afterAll(async () => {
    listener.close();
    await service.stop();
  });

  const good = obama2.toString('base64');
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const svg = (place: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="300" height="300"><image width="300" height="300" href="${place}" xlink:href="${place}"/></svg>`;
  const doctype = (place: string): string =>
    `<?xml version="1.0"?><!DOCTYPE svg SYSTEM "${place}" [<!ENTITY e SYSTEM "${place}">]><svg>&e;</svg>`;

  it.each([
    ['a URL', (place: string) => place],
    ['a URL in base64', base64],
    ['a data: URL that is an SVG', (place: string) => `data:image/svg+xml;base64,${base64(svg(place))}`],
    ['an SVG', (place: string) => base64(svg(place))],
    ['an SVG with an external entity', (place: string) => base64(doctype(place))],
    ['a data: URL in base64', (place: string) => base64(`data:image/jpeg;base64,${base64(place)}`)],
  ])('given as %s is never requested, neither by URL nor by path', async (_name, write) => {
    const path = new URL('photographs/obama.jpg', import.meta.url);
    for (const place of [url, url.replace('http', 'https'), path.href, path.pathname]) {
      for (const endpoint of ['/compare', '/mediapipe']) {
        const bad = write(place);
        for (const pair of [
          { image1_base64: bad, image2_base64: good },
          { image1_base64: good, image2_base64: bad },
        ]) {
          const { status, body } = await service.post(endpoint, JSON.stringify(pair));
          expect(status).toBe(400);
          expect(body['code']).toMatch(/^(INVALID_BASE64|UNSUPPORTED_FORMAT)$/);
        }
      }
    }
    expect(connections).toBe(0);
  });

  it('given as a file’s name or content, in other fields, headers or the query is never requested', async () => {
    const type = { 'content-type': FORM_TYPE };
    const form = (content: Buffer | string): Buffer =>
      multipart([
        { name: 'image1', filename: url, content },
        { name: 'image2', filename: url, content: obama2 },
      ]);
    const named = await rawPost(`${service.url}/mediapipe`, type, form(obama));
    const refused = [
      await rawPost(`${service.url}/mediapipe`, type, form(url)),
      await rawPost(`${service.url}/mediapipe`, type, form(svg(url))),
      await rawPost(`${service.url}/compare?image1=${url}&image2=${url}`, JSON_TYPE, '{}'),
      await rawPost(`${service.url}/compare`, JSON_TYPE, JSON.stringify({ image1: url, image2: url, url })),
      await rawPost(`${service.url}/compare`, { ...JSON_TYPE, referer: url, 'content-location': url }, '{}'),
    ];

    expect(named.body).toMatchObject({ match: true });
    for (const { status } of refused) expect(status).toBe(400);
    expect(connections).toBe(0);
  });

  it('given inside a photograph’s metadata is never requested', async () => {
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:resource="${url}"/></rdf:RDF></x:xmpmeta>`;
    const withPlace = await sharp(obama)
      .withXmp(xmp)
      .withExif({ IFD0: { ImageDescription: url, DocumentName: url } })
      .jpeg()
      .toBuffer();

    expect(withPlace.includes(url)).toBe(true);
    expect((await service.compare('/mediapipe', withPlace, obama2)).body).toMatchObject({ match: true });
    expect(connections).toBe(0);
  });

  it('is noticed by the listener if it is requested', async () => {
    await expect(fetch(url)).rejects.toThrow('fetch failed');

    expect(connections).toBe(1);
  });
});
