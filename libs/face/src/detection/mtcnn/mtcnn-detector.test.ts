import sharp, { type OverlayOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { boxArea, intersectionOverUnion } from '../../geometry/box.js';
import { decodePhotograph } from '../../image/decode.js';
import type { Photograph } from '../../image/photograph.js';
import { boxOf, MAX_PIXELS, MODELS, photographFile, REFERENCE, RUNTIME } from '../../test-support.fixture.js';
import { largestFace } from '../largest-face.js';
import { MtcnnDetector } from './mtcnn-detector.js';

const detector = await MtcnnDetector.load(MODELS.mtcnn, RUNTIME);
const exhaustive = await MtcnnDetector.load(MODELS.mtcnn, RUNTIME, { exhaustive: true });

const decode = (bytes: Uint8Array): Promise<Photograph> => decodePhotograph(bytes, detector.scale, MAX_PIXELS);

const references = Object.entries(REFERENCE.images).map(([name, { mtcnn, working_size }]) => ({
  name,
  faces: mtcnn?.faces ?? [],
  workingSize: working_size,
}));

describe('against the reference', () => {
  it.each(references)(
    'finds the faces of $name where facenet-pytorch finds them',
    async ({ name, faces, workingSize }) => {
      const photograph = await decode(photographFile(name));
      expect([photograph.width, photograph.height]).toEqual(workingSize);
      const found = await detector.detect(photograph);
      expect(found).toHaveLength(faces.length);
      for (const [i, face] of faces.entries()) {
        expect(intersectionOverUnion(found[i].box, boxOf(face.box))).toBeGreaterThanOrEqual(0.98);
        expect(Math.abs(found[i].confidence - face.probability)).toBeLessThanOrEqual(0.005);
        expect(found[i].foundBy).toBe('mtcnn');
        expect(found[i].landmarks).toHaveLength(5);
        for (const [k, [x, y]] of face.landmarks.entries()) {
          expect(Math.abs(found[i].landmarks[k][0] - x)).toBeLessThan(1);
          expect(Math.abs(found[i].landmarks[k][1] - y)).toBeLessThan(1);
        }
      }
    },
  );
});

describe('from coarse to fine', () => {
  it.each(references)('finds the same largest face in $name as with every level', async ({ name }) => {
    const photograph = await decode(photographFile(name));
    const largest = largestFace(await detector.detect(photograph));
    const expected = largestFace(await exhaustive.detect(photograph));
    expect(largest === undefined).toBe(expected === undefined);
    if (largest !== undefined && expected !== undefined) {
      expect(intersectionOverUnion(largest.box, expected.box)).toBeGreaterThan(0.99);
    }
  });

  it.each([26, 32, 40, 60, 120, 250])('finds a lone face of %d px on a canvas of 1024 px', async (side) => {
    const photograph = await decode(await scene([{ side, left: 700, top: 500 }]));
    expect(photograph.width).toBe(1024);
    const faces = await detector.detect(photograph);
    expect(faces).toHaveLength(1);
    expect(Math.sqrt(boxArea(faces[0].box)) / side).toBeGreaterThan(0.8);
    expect(Math.sqrt(boxArea(faces[0].box)) / side).toBeLessThan(1.25);
  });

  it('chooses the larger of a face of 400 px and one of 40 px', async () => {
    const photograph = await decode(
      await scene([
        { side: 40, left: 900, top: 100 },
        { side: 400, left: 80, top: 30 },
      ]),
    );
    const all = await exhaustive.detect(photograph);
    expect(all).toHaveLength(2);
    const largest = largestFace(await detector.detect(photograph));
    expect(largest?.box.x1).toBeLessThan(600);
    expect(Math.sqrt(boxArea(largest?.box ?? boxOf([0, 0, 0, 0])))).toBeGreaterThan(320);
  });

  it('finds all of several faces of one size', async () => {
    const faces = [60, 380, 700].map((left) => ({ side: 90, left, top: 300 }));
    expect(await detector.detect(await decode(await scene(faces)))).toHaveLength(3);
  });
});

it('finds nothing in an even picture, nor in the smallest one', async () => {
  const even = (width: number, height: number): Promise<Buffer> =>
    sharp({ create: { width, height, channels: 3, background: 'grey' } })
      .png()
      .toBuffer();
  expect(await detector.detect(await decode(await even(300, 200)))).toEqual([]);
  expect(await detector.detect(await decode(await even(20, 20)))).toEqual([]);
  expect(await detector.detect(await decode(await even(900, 20)))).toEqual([]);
});

/** Where the head lies in obama.jpg, and the side of the face in it (√(width · height) of MTCNN's box). */
const HEAD = { left: 290, top: 20, width: 420, height: 480 };
const FACE_SIDE = 284;

/** A grey canvas of 1024×768 px with faces of the given sides on it. */
async function scene(faces: readonly { side: number; left: number; top: number }[]): Promise<Uint8Array> {
  const heads = faces.map(async ({ side, left, top }): Promise<OverlayOptions> => {
    const factor = side / FACE_SIDE;
    const input = await sharp(photographFile('obama.jpg'))
      .extract(HEAD)
      .resize(Math.round(HEAD.width * factor), Math.round(HEAD.height * factor))
      .png()
      .toBuffer();
    return { input, left, top };
  });
  return sharp({ create: { width: 1024, height: 768, channels: 3, background: 'grey' } })
    .composite(await Promise.all(heads))
    .png()
    .toBuffer();
}
