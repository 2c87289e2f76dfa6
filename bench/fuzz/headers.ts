import type { Random } from './random.js';

const CONTENT_TYPES = [
  'application/json',
  'APPLICATION/JSON',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/json; charset=iso-8859-1',
  'application/json; charset=',
  'application/json; charset="',
  'application/json;;;',
  'application/vnd.api+json',
  'application/json, multipart/form-data',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary=""',
  'multipart/form-data; boundary="boundary"',
  'multipart/form-data; boundary=boundary; boundary=other',
  `multipart/form-data; boundary=${'b'.repeat(1000)}`,
  'multipart/form-data; charset=utf-16; boundary=boundary',
  'multipart/mixed; boundary=boundary',
  'application/x-www-form-urlencoded',
  'text/plain',
  'image/jpeg',
  'x',
  '/',
  '',
];

const OTHERS: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['content-encoding', ['gzip', 'identity', 'br', 'deflate, gzip', 'x', '']],
  ['x-request-id', ['ok', '', 'a'.repeat(129), 'a b', '{}', 'é', '../x', '"', '<script>']],
  ['accept', ['text/html', 'image/*', '*/*;q=0', 'x', '']],
  ['accept-encoding', ['gzip', 'identity;q=0', '*;q=0']],
  ['x-api-key', ['', 'key', 'é'.repeat(500)]],
  ['authorization', ['', 'Bearer', 'Bearer x', 'Basic :', 'Bearer x y']],
  ['x-forwarded-for', ['', '127.0.0.1', 'x', '1.2.3.4, 5.6.7.8', '::1', '999.1.1.1']],
  ['forwarded', ['for=1.2.3.4', 'x']],
  ['x-http-method-override', ['GET', 'DELETE']],
  ['origin', ['null', 'https://x.example', '']],
  ['range', ['bytes=0-1', 'x']],
  ['if-none-match', ['*', '"x"']],
  ['cookie', ['a=b', 'x'.repeat(4000)]],
  ['host', ['', 'x', 'x:99999', '[::1]']],
  ['transfer-encoding', ['chunked']],
];

/** The headers of a request, one to three of them unusual. All are allowed by HTTP. */
export function mutatedHeaders(contentType: string, random: Random): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': contentType };
  do {
    if (random.chance(0.5)) {
      headers['content-type'] = random.pick(CONTENT_TYPES);
    } else {
      const [name, values] = random.pick(OTHERS);
      headers[name] = random.pick(values);
    }
  } while (random.chance(0.3));
  return headers;
}
