import sharp, { type FormatEnum } from 'sharp';
import { COMPARISON_PATHS } from '../apps/api/src/comparison/comparison-paths.js';
import type { ErrorCode } from '../apps/api/src/errors/error-table.js';
import { FORM_TYPE, multipart } from '../test/support/bodies.js';
import { photograph } from '../test/support/service.js';
import type { FuzzCase } from './fuzz/case.js';
import { Random } from './fuzz/random.js';
import { REQUESTS } from './fuzz/requests.js';
import { jsonBombs, photographBombs } from './soak-bombs.js';
import { anyPicture, crowd, foliage, noise } from './soak-pictures.js';

/** A request of the soak test, its weight and its expected response. */
export interface SoakRequest extends FuzzCase {
  readonly name: string;
  /** Its frequency relative to the others. */
  readonly weight: number;
  /** Undefined if any response will do that is not a server error and is the same every time. */
  readonly answer?: {
    readonly status: number;
    readonly code?: ErrorCode;
    readonly image?: 1 | 2;
    readonly match?: boolean;
  };
}

type Files = readonly [Buffer, Buffer];
type Answer = NonNullable<SoakRequest['answer']>;

const MATCH: Answer = { status: 200, match: true };
const NO_MATCH: Answer = { status: 200, match: false };

const PATHS = Object.values(COMPARISON_PATHS);

/** A photograph scaled to this many pixels on its longer side. */
const scaled = (name: string, longerSide: number, format: keyof FormatEnum = 'jpeg'): Promise<Buffer> =>
  sharp(photograph(name)).resize(longerSide, longerSide, { fit: 'inside' }).toFormat(format).toBuffer();

const TOO_MANY_PIXELS: Answer = { status: 413, code: 'TOO_MANY_PIXELS', image: 1 };

const CROWDS = [8, 14, 20, 30, 40];

/** Pictures of any size, shape and format. */
const PICTURES = 20;

const PICTURES_SEED = 5;

/** Every kind of request: good, bad and hostile, both endpoints, JSON and forms, 20 px to 4000 px. */
export async function soakRequests(): Promise<SoakRequest[]> {
  const [obama, obama2, biden, cat] = ['obama.jpg', 'obama2.jpg', 'biden.jpg', 'cat.png'].map(photograph);
  const [small, medium, large, huge, largest, small2] = await Promise.all([
    scaled('obama.jpg', 200),
    scaled('obama.jpg', 500, 'png'),
    scaled('obama.jpg', 1600, 'webp'),
    scaled('obama.jpg', 2400),
    scaled('obama.jpg', 4000),
    scaled('obama2.jpg', 320, 'gif'),
  ]);
  const avif = await sharp(obama2).resize({ height: 640 }).avif({ effort: 0 }).toBuffer();
  const one = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
    .png()
    .toBuffer();

  return [
    ...everyWay('one man, as bundled', 8, [obama, obama2], MATCH),
    ...everyWay('two men, as bundled', 8, [obama, biden], NO_MATCH),
    ...everyWay('one man, 200 px JPEG and 320 px GIF', 24, [small, small2], MATCH),
    ...everyWay('one man, 500 px PNG and 640 px AVIF', 12, [medium, avif], MATCH),
    ...everyWay('two men, 1600 px WebP', 4, [large, biden], NO_MATCH),
    ...everyWay('one man, 2400 px', 2, [huge, obama2], MATCH),
    ...everyWay('one man, 4000 px', 2, [obama2, largest], MATCH),
    ...everyWay('a cat first', 6, [cat, obama], { status: 422, code: 'NO_FACE', image: 1 }),
    ...everyWay('a cat second', 6, [obama, cat], { status: 422, code: 'NO_FACE', image: 2 }),
    ...everyWay('half a photograph', 10, [obama.subarray(0, obama.length >> 1), biden], {
      status: 400,
      code: 'UNREADABLE_IMAGE',
      image: 1,
    }),
    ...everyWay('text for a photograph', 12, [biden, Buffer.from('no photograph at all')], {
      status: 400,
      code: 'UNSUPPORTED_FORMAT',
      image: 2,
    }),
    ...everyWay('one pixel', 12, [one, obama], { status: 422, code: 'IMAGE_TOO_SMALL', image: 1 }),
    ...(await hardRequests(obama2)),
    ...PATHS.map((path) => badBody('no JSON', path, 'application/json', '{"image1_base64":', 'INVALID_REQUEST', 400)),
    ...PATHS.map((path) => badBody('an empty form', path, FORM_TYPE, '--boundary--\r\n', 'INVALID_REQUEST', 400)),
    ...PATHS.map((path) => badBody('text', path, 'text/plain', 'hello', 'UNSUPPORTED_MEDIA_TYPE', 415)),
  ];
}

/** The most expensive input for a detector or decoder, next to an ordinary photograph: a fifth of all requests. */
async function hardRequests(other: Buffer): Promise<SoakRequest[]> {
  const random = new Random(PICTURES_SEED);
  const crowds = await Promise.all(CROWDS.map(crowd));
  const leaves = await Promise.all([foliage(1000, 1400, random), foliage(3000, 4200, random)]);
  const noises = await Promise.all([noise(900, 1200, 'jpeg'), noise(1500, 1500, 'webp')]);
  const pictures: Buffer[] = [];
  for (let i = 0; i < PICTURES; i++) pictures.push(await anyPicture(random));
  const [withBomb, withJsonBomb] = [await photographBombs(), jsonBombs()];
  return [
    ...crowds.flatMap((bytes) => everyWay('a crowd', 1, [bytes, other])),
    ...leaves.flatMap((bytes) => everyWay('foliage', 1, [other, bytes])),
    ...noises.flatMap((bytes) => everyWay('noise', 1, [bytes, other])),
    ...pictures.flatMap((bytes) => everyWay('a picture of any size, shape and format', 1, [bytes, other])),
    ...withBomb.flatMap(({ name, bytes }) => everyWay(name, 1, [bytes, other], TOO_MANY_PIXELS)),
    ...withJsonBomb.map(({ name, bytes }) =>
      badBody(`JSON of ${name}`, '/compare', 'application/json', bytes, 'INVALID_REQUEST', 400),
    ),
  ];
}

/** The same photographs at both endpoints, as JSON and as a form. */
function everyWay(name: string, weight: number, files: Files, answer?: Answer): SoakRequest[] {
  const [image1_base64, image2_base64] = files.map((file) => file.toString('base64'));
  const json = {
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ image1_base64, image2_base64 })),
  };
  const form = { headers: { 'content-type': FORM_TYPE }, body: multipart(REQUESTS['/compare'](files).parts) };
  const expected = answer === undefined ? {} : { answer };
  return PATHS.flatMap((path) => [
    { name, kind: 'JSON', path, weight, ...expected, ...json },
    { name, kind: 'form', path, weight, ...expected, ...form },
  ]);
}

function badBody(
  name: string,
  path: string,
  contentType: string,
  body: string | Buffer,
  code: ErrorCode,
  status: number,
): SoakRequest {
  const headers = { 'content-type': contentType };
  return {
    name,
    kind: 'body',
    path,
    weight: 2,
    headers,
    body: Buffer.from(body),
    answer: { status, code },
  };
}
