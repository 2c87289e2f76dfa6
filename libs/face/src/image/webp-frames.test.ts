import sharp from 'sharp';
import { expect, it } from 'vitest';
import { FaceError } from '../errors.js';
import { faceErrorCode } from '../test-support.fixture.js';
import { decodePhotograph } from './decode.js';
import { animatedWebp } from './variants.fixture.js';
import { checkWebpFrames } from './webp-frames.js';

const still = await sharp({ create: { width: 40, height: 40, channels: 3, background: 'grey' } })
  .webp({ lossless: true })
  .toBuffer();

it('accepts a still picture and an animation', async () => {
  for (const bytes of [still, animatedWebp(still, 40, 1000)]) {
    expect(
      await faceErrorCode(decodePhotograph(bytes, { noResizeUpTo: 1, kernel: 'cubic', quickJpegs: false }, 50e6)),
    ).toBeUndefined();
  }
});

it('rejects more than a thousand frames before decoding', async () => {
  const refused = decodePhotograph(
    animatedWebp(still, 40, 1001),
    { noResizeUpTo: 1, kernel: 'cubic', quickJpegs: false },
    50e6,
  );
  await expect(refused).rejects.toEqual(new FaceError('TOO_MANY_PIXELS', 'has 1001 frames; at most 1000 are accepted'));
});

it('terminates wherever a file is truncated', () => {
  const animation = animatedWebp(still, 40, 3);
  for (let length = 12; length < animation.length; length++) checkWebpFrames(animation.subarray(0, length));
});
