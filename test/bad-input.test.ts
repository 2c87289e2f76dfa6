import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processMemoryMb } from '../bench/process-usage.js';
import { animated, badPhotographs } from './support/bad-photographs.js';
import { FORM_TYPE, multipart } from './support/bodies.js';
import { rawPost } from './support/raw-http.js';
import { type Answer, photograph, Service } from './support/service.js';

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');
const good = obama2.toString('base64');
const bad = await badPhotographs();

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM = { 'content-type': FORM_TYPE };
const MAX_IMAGE_BYTES = 4_000_000;

let service: Service;
beforeAll(async () => {
  service = await Service.start({ MAX_IMAGE_BYTES: String(MAX_IMAGE_BYTES), REQUEST_TIMEOUT_MS: '60000' });
});
afterAll(() => service.stop());

function expectProblem(answer: Answer, status: number, code: string, image?: number | string): void {
  expect(answer.body).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body['image']).toBe(image);
}

describe('an unusable photograph', () => {
  it.each(bad)('$name: $status $code', async ({ bytes, status, code }) => {
    const first = await service.compare('/mediapipe', bytes, obama2);
    const second = await service.compareForm('/compare', { image1: obama, image2: bytes });

    expectProblem(first, status, code, 1);
    expectProblem(second, status, code, 2);
    expect(first.body['detail']).toContain('mage 1');
    expect(second.body['detail']).toContain('mage 2');
    expectProblem(await service.compareForm('/embed', { image: bytes }), status, code, 'image');
  });

  it('is the problem of its candidate alone, whichever it is', async () => {
    const batch = 8;
    for (let at = 0; at < bad.length; at += batch) {
      const some = bad.slice(at, at + batch);
      const candidates = [
        ...some.map(({ bytes }) => ({ image_base64: bytes.toString('base64') })),
        { image_base64: good },
      ];
      const answer = await service.post('/compare/many', JSON.stringify({ reference_base64: good, candidates }));
      const problems = (answer.body['results'] as { index: number; problem?: { code: string } }[]).map(
        ({ index, problem }) => [index, problem?.code],
      );

      expect(problems).toEqual([[some.length, undefined], ...some.map(({ code }, i) => [i, code])]);
    }
  });

  it.each([
    ['a PDF', '%PDF-1.7\n', 'Image 1 is a PDF; send the picture in it as a JPEG or PNG.'],
    [
      'an SVG',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'Image 1 is an SVG drawing; send a photograph as a JPEG or PNG.',
    ],
    ['text', 'text', 'Image 1 is not a JPEG, PNG, WebP, GIF, BMP, AVIF, TIFF, HEIC or JPEG 2000 picture.'],
  ])('is identified: %s', async (_name, bytes, detail) => {
    const { body } = await service.compare('/mediapipe', Buffer.from(bytes), obama2);

    expect(body['detail']).toBe(detail);
  });

  it.each(['gif', 'webp'] as const)('only the first frame of an animated %s counts', async (format) => {
    const { body } = await service.compare('/compare', await animated(format, 40), obama2);

    expect(body).toMatchObject({ match: true, image1_metrics: { image_size: { width: 300, height: 375 } } });
  });
});

const body = (fields: Record<string, unknown>): string => JSON.stringify(fields);
const pair = (image1: unknown, more: Record<string, unknown> = {}): string =>
  body({ image1_base64: image1, image2_base64: good, ...more });

interface BadBody {
  readonly name: string;
  readonly sent: string | Buffer;
  readonly status?: number;
  readonly code?: string;
  readonly image?: number;
  readonly headers?: Record<string, string>;
}

const invalid: BadBody[] = [
  { name: 'nothing', sent: '' },
  { name: 'not JSON', sent: '{"image1_base64":' },
  { name: 'null', sent: 'null' },
  { name: 'a number', sent: '42' },
  { name: 'a string', sent: '"image1_base64"' },
  { name: 'an array', sent: '[]' },
  { name: 'an array of requests', sent: `[${pair(good)}]` },
  { name: 'an empty object', sent: '{}' },
  { name: 'one photograph', sent: body({ image1_base64: good }) },
  { name: 'the other photograph', sent: body({ image2_base64: good }) },
  { name: 'a photograph that is null', sent: pair(null) },
  { name: 'a photograph that is a number', sent: pair(1) },
  { name: 'a photograph that is an array', sent: pair([good]) },
  { name: 'a photograph that is an object', sent: pair({ data: good }) },
  { name: 'a photograph that is empty', sent: pair('') },
  { name: 'an extra field', sent: pair(good, { image3_base64: good }) },
  { name: 'a field in another case', sent: pair(good, { Threshold: 0.5 }) },
  { name: 'a key that would pollute every object', sent: pair(good).replace('{', '{"__proto__":{"threshold":-1},') },
  { name: 'another such key', sent: pair(good, { constructor: { prototype: { threshold: -1 } } }) },
  { name: 'objects nested a hundred thousand deep', sent: `{"image1_base64":${'['.repeat(1e5)}${']'.repeat(1e5)}}` },
  { name: 'a false match rate without a calibration', sent: pair(good, { false_match_rate: 0.001 }) },
  { name: 'a false match rate beside a threshold', sent: pair(good, { false_match_rate: 0.001, threshold: 0.6 }) },
  { name: 'a false match rate of 0', sent: pair(good, { false_match_rate: 0 }) },
  { name: 'a false match rate that is text', sent: pair(good, { false_match_rate: '0.001' }) },
  { name: 'a false match rate that is null', sent: pair(good, { false_match_rate: null }) },
  { name: 'a threshold above 1', sent: pair(good, { threshold: 1.01 }) },
  { name: 'a threshold below -1', sent: pair(good, { threshold: -1.01 }) },
  { name: 'a threshold that is null', sent: pair(good, { threshold: null }) },
  { name: 'a threshold that is text', sent: pair(good, { threshold: '0.6' }) },
  { name: 'a threshold that is a list', sent: pair(good, { threshold: [0.6] }) },
  { name: 'a threshold that is true', sent: pair(good, { threshold: true }) },
  { name: 'a threshold that is NaN', sent: pair(good).replace('}', ',"threshold":NaN}') },
  { name: 'a threshold beyond all numbers', sent: pair(good).replace('}', ',"threshold":1e999}') },
].map((bad) => ({ status: 400, code: 'INVALID_REQUEST', ...bad }));

const base64: BadBody[] = [
  { name: 'not base64', sent: pair('%%%% not base64 %%%%') },
  {
    name: 'base64 with one character too many',
    sent: pair(`${good.replace(/=+$/, '')}A`.padEnd(good.length + 1, 'A')),
  },
  { name: 'base64 with padding in the middle', sent: pair(`${good.slice(0, 100)}==${good.slice(100)}`) },
  { name: 'three padding characters', sent: pair('AAAA===') },
  { name: 'only padding', sent: pair('====') },
  { name: 'only blanks', sent: pair('    ') },
  { name: 'emoji', sent: pair('😀'.repeat(100)) },
  { name: 'an empty data: URL', sent: pair('data:image/jpeg;base64,') },
  { name: 'a data: URL that is not base64', sent: pair('data:image/jpeg,abcd') },
  { name: 'a data: URL that never reaches its data', sent: pair(`data:${'a'.repeat(5000)}`) },
].map((bad) => ({ status: 400, code: 'INVALID_BASE64', image: 1, ...bad }));

const transport: BadBody[] = [
  { name: 'megabytes of A', sent: pair('A'.repeat(4_000_000)), status: 400, code: 'UNSUPPORTED_FORMAT', image: 1 },
  {
    name: 'a photograph of too many bytes',
    sent: pair('A'.repeat(5_400_000)),
    status: 413,
    code: 'IMAGE_TOO_LARGE',
    image: 1,
  },
  { name: 'a body of 50 MB', sent: Buffer.alloc(50_000_000, 'A'), status: 413, code: 'BODY_TOO_LARGE' },
  {
    name: 'a compressed body',
    sent: gzipSync(Buffer.alloc(50_000_000)),
    headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    name: 'plain text',
    sent: pair(good),
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  { name: 'no content type', sent: pair(good), headers: {}, status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  {
    name: 'a photograph as the body',
    sent: obama,
    headers: { 'content-type': 'image/jpeg' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    name: 'an unknown charset',
    sent: pair(good),
    headers: { 'content-type': 'application/json; charset=klingon' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    name: 'JSON in UTF-16',
    sent: Buffer.from(`\uFEFF${pair(good)}`, 'utf16le'),
    headers: JSON_TYPE,
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    name: 'an URL-encoded form',
    sent: 'image1_base64=AAAA&image2_base64=AAAA',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
];

const file = (
  name: string,
  filename = 'a.jpg',
  content: Buffer = obama,
): { name: string; filename: string; content: Buffer } => ({
  name,
  filename,
  content,
});

const forms: BadBody[] = [
  { name: 'a form without a body', sent: '', headers: { ...FORM, 'content-length': '0' } },
  { name: 'a form without fields', sent: multipart([]) },
  { name: 'a form with a field without a name', sent: multipart([{ name: '', content: 'x' }]) },
  {
    name: 'a form without a boundary',
    sent: multipart([file('image1')]),
    headers: { 'content-type': 'multipart/form-data' },
  },
  { name: 'a form with the wrong boundary', sent: multipart([file('image1'), file('image2')], { boundary: 'other' }) },
  { name: 'a truncated form', sent: multipart([file('image1'), file('image2')]).subarray(0, 300_000) },
  { name: 'one file', sent: multipart([file('image1')]) },
  { name: 'three files', sent: multipart([file('image1'), file('image2'), file('image3')]) },
  { name: 'the same file field twice', sent: multipart([file('image1'), file('image1')]) },
  { name: 'files with other names', sent: multipart([file('photo1'), file('photo2')]) },
  {
    name: 'files as text',
    sent: multipart([
      { name: 'image1', content: 'x' },
      { name: 'image2', content: 'y' },
    ]),
  },
  {
    name: 'a file that is empty',
    sent: multipart([file('image1', 'a.jpg', Buffer.alloc(0)), file('image2')]),
    image: 1,
  },
  {
    name: 'an extra field in a form',
    sent: multipart([file('image1'), file('image2'), { name: 'x', content: '1' }]),
  },
  {
    name: 'a key in a form that would pollute every object',
    sent: multipart([file('image1'), file('image2'), { name: '__proto__', content: '1' }]),
  },
  {
    name: 'a field in a charset that cannot be decoded',
    sent: multipart([
      file('image1'),
      file('image2'),
      {
        lines: ['content-disposition: form-data; name="face_selection"', 'content-type: text/plain; charset=bogus'],
        content: 'single',
      },
    ]),
  },
  {
    name: 'a photograph as a file and as text',
    sent: multipart([file('image1'), { name: 'image1', content: 'x' }, file('image2')]),
  },
  {
    name: 'a form with a list that is nearly all gaps',
    sent: multipart([file('image1'), file('image2'), { name: 'reject_on[4294967294]', content: 'BLURRED' }]),
  },
  {
    name: 'a form with such a list that becomes an object',
    sent: multipart([
      file('image1'),
      file('image2'),
      { name: 'a[4294967294]', content: 'x' },
      { name: 'a[b]', content: 'x' },
    ]),
  },
  {
    name: 'an invalid threshold in a form',
    sent: multipart([file('image1'), file('image2'), { name: 'threshold', content: 'high' }]),
  },
  {
    name: 'a threshold in hexadecimal digits in a form',
    sent: multipart([file('image1'), file('image2'), { name: 'threshold', content: '0x1' }]),
  },
  {
    name: 'an empty threshold in a form',
    sent: multipart([file('image1'), file('image2'), { name: 'threshold', content: '' }]),
  },
].map((bad) => ({ status: 400, code: 'INVALID_REQUEST', headers: FORM, ...bad }));

describe('an invalid body', () => {
  it.each([...invalid, ...base64, ...transport, ...forms])(
    '$name: $status $code',
    async ({ sent, status = 0, code = '', image, headers = JSON_TYPE }) => {
      const answer = await rawPost(`${service.url}/mediapipe`, headers, sent);

      expectProblem(answer, status, code, image);
    },
  );

  it.each([
    ['image1_base64 must be a string.', { image1_base64: 1, image2_base64: good }],
    ['image2_base64 is missing.', { image1_base64: good }],
    ['threshold must be a number from -1 to 1.', { image1_base64: good, image2_base64: good, threshold: 2 }],
    ['threshold must be a number from -1 to 1.', { image1_base64: good, image2_base64: good, threshold: 'high' }],
    [
      'false_match_rate must be a number from 1e-12 to 1.',
      { image1_base64: good, image2_base64: good, false_match_rate: 2 },
    ],
    [
      'Send either threshold or false_match_rate, not both.',
      { image1_base64: good, image2_base64: good, false_match_rate: 0.1, threshold: 0.6 },
    ],
    [
      'false_match_rate: this service has no calibration, which would give the threshold.',
      { image1_base64: good, image2_base64: good, false_match_rate: 0.1 },
    ],
    [
      'min_confidence must be a number from 0 to 1.',
      { image1_base64: good, image2_base64: good, min_confidence: null },
    ],
    [
      'face_selection must be one of largest, single, central.',
      { image1_base64: good, image2_base64: good, face_selection: 'all' },
    ],
    ['images is not a known field.', { image1_base64: good, image2_base64: good, images: [] }],
  ])('is described as: %s', async (detail, fields) => {
    const answer = await service.post('/mediapipe', body(fields));

    expect(answer.body['detail']).toBe(detail);
  });

  it('a field in the query is rejected, not ignored', async () => {
    const answer = await service.post('/compare?threshold=0.9', pair(good));

    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST', detail: expect.stringContaining('query') as string },
    });
  });

  it('a file of too many bytes in a form names the photograph', async () => {
    const answer = await service.compareForm('/compare', { image1: obama, image2: Buffer.alloc(MAX_IMAGE_BYTES + 1) });

    expectProblem(answer, 413, 'IMAGE_TOO_LARGE', 2);
  });

  it('a body shorter than its Content-Length is cut off at the deadline', async () => {
    const impatient = await Service.start({ REQUEST_TIMEOUT_MS: '500', WORKERS: '1' });
    const headers = { ...JSON_TYPE, 'content-length': '100000' };
    const answer = await rawPost(`${impatient.url}/compare`, headers, '{"image1_base64":"', { end: false });
    await impatient.stop();

    expectProblem(answer, 408, 'REQUEST_TIMEOUT');
  });
});

describe('a photograph from phones, scanners and passports', () => {
  it.each(['heic', 'jp2', 'j2k', 'tiff', 'junk'])('gets the verdict of the JPEG: %s', async (format) => {
    const files: Readonly<Record<string, Promise<Buffer> | Buffer>> = {
      tiff: sharp(obama2).tiff({ compression: 'lzw' }).toBuffer(),
      junk: photograph('junk-before-marker.jpg'),
    };
    const bytes = await (files[format] ?? photograph(`obama2.${format}`));
    for (const path of ['/compare', '/mediapipe']) {
      const { body: asJpeg } = await service.compare(path, obama, obama2);
      const { body: answer } = await service.compare(path, obama, bytes);

      expect(answer).toMatchObject({ match: true, image2_metrics: { image_size: { width: 626, height: 1200 } } });
      expect(Math.abs(Number(answer['similarity']) - Number(asJpeg['similarity']))).toBeLessThan(0.03);
    }
  });
});

describe('a valid but unusual body', () => {
  const lines = (obama.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');
  it.each([
    ['base64 in lines', pair(lines)],
    ['base64 with blanks around it', pair(`  ${obama.toString('base64')}\n`)],
    ['the URL-safe alphabet', pair(obama.toString('base64url'))],
    ['no padding', pair(obama.toString('base64').replace(/=+$/, ''))],
    ['a data: URL', pair(`data:image/jpeg;base64,${obama.toString('base64')}`)],
    ['a data: URL with blanks', pair(` data:image/jpeg; base64, ${obama.toString('base64')}`)],
    ['a data: URL in capitals', pair(`DATA:IMAGE/JPEG;BASE64,${obama.toString('base64')}`)],
    ['a data: URL of another type', pair(`data:application/octet-stream;base64,${obama.toString('base64')}`)],
    ['a duplicate key: the last counts', pair(good, { x: 0 }).replace('"x":0', '"threshold":1,"threshold":0.6')],
  ])('%s is accepted', async (_name, sent) => {
    const { status, body: answer } = await service.post('/mediapipe', sent);

    expect(status).toBe(200);
    expect(answer).toMatchObject({ match: true, comparison_metrics: { threshold_used: 0.6 } });
  });

  it('a file name that is a path is ignored', async () => {
    const sent = multipart([file('image1', '../../../etc/passwd'), file('image2', '/dev/null', obama2)]);
    const { status, body: answer } = await rawPost(`${service.url}/mediapipe`, FORM, sent);

    expect(status).toBe(200);
    expect(answer).toMatchObject({ match: true });
  });
});

describe('afterwards', () => {
  it('at full concurrency, good requests among bad ones get the right verdict, and memory is released', async () => {
    const round = (): Promise<unknown> =>
      Promise.all([
        ...bad.map(({ bytes }) => service.compare('/mediapipe', bytes, obama2)),
        ...Array.from({ length: 8 }, async () => {
          expect((await service.compare('/mediapipe', obama, obama2)).body).toMatchObject({ match: true });
        }),
      ]);
    // Garbage from a single round may remain; a leak grows with every round.
    const after: number[] = [];
    for (let i = 0; i < 10; i++) {
      await round();
      after.push(processMemoryMb(service.pid));
    }

    const [early, late] = [after.slice(1, 4), after.slice(-3)].map((values) => Math.max(...values));
    expect(late).toBeLessThan(early * 1.3);
    expect((await service.get('/health/ready')).status).toBe(200);
    expect(service.output).not.toContain('"level":50');
  }, 300_000);
});
