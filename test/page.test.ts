import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawCaller } from './support/raw-caller.js';
import { Service } from './support/service.js';

/** What Chromium sends for a page. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

const getPage = (service: Service): Promise<Response> => fetch(`${service.url}/`, { headers: { accept: BROWSER } });

/** The addresses in the page, as written. */
const addressesIn = (page: string): string[] => [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url);

let service: Service;
beforeAll(async () => {
  service = await Service.start({ API_KEYS: 'a-key' });
});
afterAll(() => service.stop());

describe('GET /', () => {
  const HTML = 'text/html; charset=utf-8';
  const JSON_TYPE = 'application/json; charset=utf-8';

  it.each([
    ['a browser', BROWSER, HTML],
    ['HTML alone', 'text/html', HTML],
    ['HTML before everything else', '*/*;q=0.1, text/html', HTML],
    ['HTML before JSON', 'application/json;q=0.8, text/html;q=0.9', HTML],
    ['curl', '*/*', JSON_TYPE],
    ['JSON', 'application/json', JSON_TYPE],
    ['JSON before HTML', 'text/html;q=0.4, application/json;q=0.9', JSON_TYPE],
    ['JSON first', 'application/json, text/plain, text/html, */*', JSON_TYPE],
    ['HTML first', 'text/html, application/json', HTML],
    ['no HTML', 'text/html;q=0, */*', JSON_TYPE],
    ['a picture', 'image/png', JSON_TYPE],
    ['nothing known', 'nonsense', JSON_TYPE],
    ['any text', 'text/*', HTML],
    ['what Java sends by itself', 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', JSON_TYPE],
  ])('to a client that wants %s (%s) answers %s', async (_, accept, type) => {
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(`${service.url}/`, { method, headers: { accept } });
      const body = await response.text();

      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('vary')).toContain('Accept');
      if (method === 'HEAD') expect(body).toBe('');
      else if (type === HTML) expect(body).toMatch(/^<!doctype html>/);
      else expect(JSON.parse(body)).toMatchObject({ status: 'ok', detectors: ['mtcnn', 'blazeface'] });
    }
  });

  it('lets the page load only what the service itself has, and nobody frame it', async () => {
    const { headers } = await getPage(service);
    const policy = (headers.get('content-security-policy') ?? '').split(';');

    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]),
    );
    expect(policy.join()).not.toMatch(/unsafe|\*|http/);
    expect(headers.get('permissions-policy')).toBe('camera=(self)');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('sends the page again only if it has changed', async () => {
    const { headers } = await getPage(service);
    const etag = headers.get('etag') ?? '';
    // Beside this header, fetch asks caches for a new answer, too.
    const again = async (accept: string): Promise<number[]> => {
      const caller = (await RawCaller.connect(service.url)).read();
      caller.write(
        `GET / HTTP/1.1\r\nHost: x\r\nAccept: ${accept}\r\nIf-None-Match: ${etag}\r\nConnection: close\r\n\r\n`,
      );
      await caller.closed();
      return caller.statuses;
    };

    expect(headers.get('cache-control')).toBe('no-cache');
    expect(etag).toMatch(/^"\w+"$/);
    expect(await again(BROWSER)).toEqual([304]);
    expect(await again('*/*')).toEqual([200]);
  });
});

describe('the page’s assets', () => {
  let addresses: string[];
  beforeAll(async () => {
    addresses = addressesIn(await (await getPage(service)).text());
  });

  it('are relative, so that the page works behind a proxy under any path', () => {
    expect(addresses).toHaveLength(4);
    for (const address of addresses) expect(address).toMatch(/^(?:page|docs)/);
  });

  it('need no key, have their types, and are kept for ever', async () => {
    const assets = addresses.filter((address) => address.startsWith('page/'));
    const answers = await Promise.all(assets.map((address) => fetch(`${service.url}/${address}`)));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ headers }) => headers.get('content-type')).sort()).toEqual([
      'image/svg+xml',
      'text/css; charset=utf-8',
      'text/javascript; charset=utf-8',
    ]);
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('etag')).not.toBeNull();
    }
  });

  it.each(['Range: bytes=9999999-', 'If-Match: "another"'])(
    'let no cache keep an error in their place: %s',
    async (header) => {
      const [script] = addresses.filter((address) => address.endsWith('main.js'));
      const caller = (await RawCaller.connect(service.url)).read();
      caller.write(`GET /${script} HTTP/1.1\r\nHost: x\r\n${header}\r\nConnection: close\r\n\r\n`);
      await caller.closed();

      expect(caller.statuses[0]).toBeGreaterThanOrEqual(400);
      expect(caller.received).not.toMatch(/^(?:cache-control|etag|last-modified):/im);
    },
  );

  it('of another version do not exist, nor does anything else among them', async () => {
    const [folder] = /page\/\w+/.exec(addresses.join()) ?? [''];
    for (const path of ['/page/0000000000000000/main.js', `/${folder}/nothing.js`, `/${folder}/nothing.css`]) {
      expect(await service.get(path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
  });

  it.each([
    '/page',
    '/page/',
    '/page/abc/..%2fmain.js',
    '/page/../metrics',
    '/page/abc/../../metrics',
    '/page/abc/x.map',
  ])('open no other path: %s', async (path) => {
    // fetch would resolve the dots.
    const caller = (await RawCaller.connect(service.url)).read();
    caller.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await caller.closed();

    expect(caller.statuses).toEqual([401]);
  });
});

it('with DEMO=false, / answers browsers in JSON, and there are no assets', async () => {
  const [main] = addressesIn(await (await getPage(service)).text()).filter((address) => address.endsWith('main.js'));
  const without = await Service.start({ DEMO: 'false' });
  const { headers, body } = await without.get('/', { accept: BROWSER });

  expect(headers.get('content-type')).toContain('application/json');
  expect(body).toMatchObject({ status: 'ok' });
  expect(await without.get(`/${main}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  await without.stop();
});
