import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { faceErrorCode, largestDifference, MAX_PIXELS, photographFile } from '../test-support.fixture.js';
import { decodePhotograph } from './decode.js';
import { withoutStrayBytes } from './jpeg-strays.js';
import type { Photograph } from './photograph.js';

const obama = photographFile('obama.jpg');
const obama2 = photographFile('obama2.jpg');
const progressive = await sharp(obama).jpeg({ progressive: true }).toBuffer();

const decode = (bytes: Uint8Array): Promise<Photograph> =>
  decodePhotograph(bytes, { noResizeUpTo: 2, kernel: 'cubic', quickJpegs: false }, MAX_PIXELS);

/** The offsets of the segments after the first one, up to the first scan. */
function segments(jpeg: Buffer): number[] {
  const places = [];
  for (let at = 2; ; at += 2 + jpeg.readUInt16BE(at + 2)) {
    if (at > 2) places.push(at);
    if (jpeg[at + 1] === 0xda) return places;
  }
}

const inserted = (jpeg: Buffer, at: number, strays: readonly number[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, at), Buffer.from(strays), jpeg.subarray(at)]);

const STRAYS = [
  [0],
  [0, 1, 2, 3, 4],
  [0xff, 0xff, 0, 0xff],
  [0x9f, 0xf9, 0xaf, 0xff, 0xd9],
  [0xff, 0xda, 0xff, 0xc4, 1],
  Array<number>(60).fill(0x55),
];

describe.each([
  ['a JPEG', obama2],
  ['a progressive JPEG', progressive],
])('%s with stray bytes', (_, jpeg) => {
  it.each(STRAYS.map((strays) => ({ strays, name: `${strays.length}: ${strays.slice(0, 6).join(' ')}` })))(
    'before any of its segments is whole, $name',
    async ({ strays }) => {
      const places = segments(jpeg);
      for (const at of places) expect(withoutStrayBytes(inserted(jpeg, at, strays)).length).toBe(jpeg.length);
      const everywhere = places.reduceRight((bytes, at) => inserted(bytes, at, strays), jpeg);
      expect(largestDifference((await decode(everywhere)).pixels, (await decode(jpeg)).pixels)).toBe(0);
    },
  );
});

it('reads a thumbnail that is longer than its segment', async () => {
  const { pixels } = await decode(photographFile('junk-before-marker.jpg'));
  expect(largestDifference(pixels, (await decode(obama2)).pixels)).toBe(0);
});

it('leaves a file with more gaps than accidents make to the decoder, which rejects it', async () => {
  const comments = (count: number): Buffer =>
    Buffer.concat([
      obama2.subarray(0, 2),
      ...Array<Buffer>(count).fill(Buffer.of(0xff, 0xfe, 0, 2, 7)),
      obama2.subarray(2),
    ]);
  expect(withoutStrayBytes(comments(100)).length).toBe(comments(100).length - 100);
  expect(withoutStrayBytes(comments(101)).length).toBe(comments(101).length);
  expect(await faceErrorCode(decode(comments(101)))).toBe('UNREADABLE_IMAGE');
});

it('leaves a file without them unchanged', () => {
  for (const jpeg of [obama, obama2, progressive]) expect(withoutStrayBytes(jpeg)).toBe(jpeg);
});

it('still rejects other damage', async () => {
  for (const at of segments(obama)) {
    const strays = inserted(obama, at, [0, 1, 2, 3, 4]);
    expect(await faceErrorCode(decode(strays.subarray(0, obama.length / 2)))).toBe('UNREADABLE_IMAGE');
  }
});

it('terminates wherever a file is truncated, and whatever it is filled with', () => {
  for (let length = 0; length < 3000; length += 7) withoutStrayBytes(obama.subarray(0, length));
  for (const filling of [[0xff], [0xff, 0], [0xff, 0xe1, 0, 2], [0xff, 0xe1, 0, 2, 0], [0xff, 0xd8]]) {
    withoutStrayBytes(Buffer.concat([obama.subarray(0, 2), Buffer.alloc(100_000, Buffer.from(filling))]));
  }
});
