import { describe, expect, it } from 'vitest';
import { asPhotograph, MODELS, randomImage, RUNTIME } from '../test-support.fixture.js';
import { EMBEDDING_LENGTH, FACE_SIDE, faceTensor, InceptionResnetV1 } from './inception-resnet-v1.js';

const embedder = await InceptionResnetV1.load(MODELS.embedder, RUNTIME);

describe('faceTensor', () => {
  const photograph = asPhotograph(randomImage(200, 180, 9));

  it('is an NCHW tensor of (x − 127.5) / 128', () => {
    const region = { x: 20, y: 10, width: FACE_SIDE, height: FACE_SIDE };
    const square = { centreX: 100, centreY: 90, side: FACE_SIDE, angle: 0 };
    for (const crop of [
      { kind: 'region', region, filter: 'bilinear' },
      { kind: 'square', square },
    ] as const) {
      const tensor = faceTensor(photograph, crop);
      expect(tensor).toHaveLength(3 * 160 * 160);
      for (const channel of [0, 1, 2]) {
        const first = photograph.pixels[(10 * 200 + 20) * 3 + channel];
        const last = photograph.pixels[(169 * 200 + 179) * 3 + channel];
        expect(tensor[channel * 25_600]).toBeCloseTo((first - 127.5) / 128, 5);
        expect(tensor[channel * 25_600 + 25_599]).toBeCloseTo((last - 127.5) / 128, 5);
      }
    }
  });

  it('stretches a region of any shape to 160×160', () => {
    for (const region of [
      { x: 0, y: 0, width: 200, height: 7 },
      { x: 199, y: 179, width: 1, height: 1 },
    ]) {
      expect(faceTensor(photograph, { kind: 'region', region, filter: 'lanczos3' })).toHaveLength(3 * 160 * 160);
    }
  });
});

describe('InceptionResnetV1', () => {
  const square = { centreX: 80, centreY: 80, side: 160, angle: 0 };
  const face = faceTensor(asPhotograph(randomImage(160, 160, 10)), { kind: 'square', square });

  it('gives a unit vector of 512 values', async () => {
    const embedding = await embedder.embed(face);
    expect(embedding).toHaveLength(EMBEDDING_LENGTH);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  });

  it('gives the same values each time, and an array of its own', async () => {
    const first = await embedder.embed(face);
    const second = await embedder.embed(face);
    expect(second).toEqual(first);
    expect(second.buffer).not.toBe(first.buffer);
  });

  it('refuses a tensor of another size', async () => {
    await expect(embedder.embed(face.subarray(1))).rejects.toThrow();
  });
});
