import sharp, { type OverlayOptions } from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import { Abandoned } from '../../checkpoint.js';
import { boxArea, intersectionOverUnion } from '../../geometry/box.js';
import { decodePhotograph } from '../../image/decode.js';
import type { Photograph } from '../../image/photograph.js';
import { boxOf, loadMtcnn, MAX_PIXELS, photographFile, randomImage, REFERENCE } from '../../test-support.fixture.js';
import { OnnxModel } from '../../runtime/onnx-model.js';
import { bySize } from '../face-selection.js';
import type { DetectedFace } from '../face-detector.js';
import { nameLandmarks, type Point } from '../landmarks.js';
import { MTCNN } from './mtcnn.js';
import { BOUNDED } from './search-limits.js';

const detector = await loadMtcnn();
const exhaustive = await loadMtcnn({ exhaustive: true });

const difference = ([x, y]: Point = [0, 0], other: Point = [0, 0]): Point => [x - other[0], y - other[1]];

const largestOf = (faces: readonly DetectedFace[]): DetectedFace | undefined => bySize(faces).at(0);

const decode = (bytes: Uint8Array): Promise<Photograph> => decodePhotograph(bytes, detector.referenceScale, MAX_PIXELS);

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
        expect(Object.keys(found[i].landmarks)).toEqual(MTCNN.landmarks);
        const expected = nameLandmarks(MTCNN.landmarks, face.landmarks);
        for (const name of MTCNN.landmarks) {
          expect(Math.hypot(...difference(found[i].landmarks[name], expected[name]))).toBeLessThan(1);
        }
      }
    },
  );
});

describe('from coarse to fine', () => {
  it.each(references)('finds the same largest face in $name as an exhaustive search', async ({ name }) => {
    const photograph = await decode(photographFile(name));
    const largest = largestOf(await detector.detect(photograph));
    const expected = largestOf(await exhaustive.detect(photograph));
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

  it('prefers a face of 400 px to one of 40 px', async () => {
    const photograph = await decode(
      await scene([
        { side: 40, left: 900, top: 100 },
        { side: 400, left: 80, top: 30 },
      ]),
    );
    const all = await exhaustive.detect(photograph);
    expect(all).toHaveLength(2);
    const largest = largestOf(await detector.detect(photograph));
    expect(largest?.box.x1).toBeLessThan(600);
    expect(Math.sqrt(boxArea(largest?.box ?? boxOf([0, 0, 0, 0])))).toBeGreaterThan(320);
  });

  it('finds all of several faces of the same size', async () => {
    const faces = [60, 380, 700].map((left) => ({ side: 90, left, top: 300 }));
    expect(await detector.detect(await decode(await scene(faces)))).toHaveLength(3);
  });
});

/** The input shapes of all network runs during a detection. */
async function runsOf(detect: () => Promise<unknown>): Promise<readonly (readonly number[])[]> {
  const run = vi.spyOn(OnnxModel.prototype, 'run');
  await detect();
  const shapes = run.mock.calls.map(([, dims]) => dims);
  run.mockRestore();
  return shapes;
}

/** The number of patches of a given side that a network evaluated. */
const looksAt = (runs: readonly (readonly number[])[], side: number): number =>
  runs.filter(([, , height]) => height === side).reduce((sum, [count]) => sum + count, 0);

const side = (face: DetectedFace | undefined): number => Math.sqrt(boxArea(face?.box ?? boxOf([0, 0, 0, 0])));

describe('in a crowd', () => {
  /** A square grid of faces, the largest with the given side, or its corner of `shown` × `shown` of them. */
  const grid = (columns: number, faceSide: number, shown = columns): Promise<Uint8Array> => {
    const cell = Math.floor(1000 / columns);
    const places = Array.from({ length: shown ** 2 }, (_, i) => ({
      side: Math.round(faceSide * (0.8 + (0.2 * ((i * 7) % 11)) / 10)),
      left: (i % shown) * cell,
      top: Math.floor(i / shown) * cell,
    }));
    return scene(places, 1024);
  };

  it.each([
    [8, 75],
    [14, 42],
    [20, 30],
    [30, 20],
  ])('of %i × that many faces of about %i px evaluates a bounded part and finds one as large', async (columns, px) => {
    const photograph = await decode(await grid(columns, px));
    let found: DetectedFace | undefined;
    const runs = await runsOf(async () => {
      found = largestOf(await detector.detect(photograph));
    });

    expect(looksAt(runs, 24)).toBeLessThanOrEqual(BOUNDED.refined);
    expect(looksAt(runs, 48)).toBeLessThanOrEqual(BOUNDED.decided);
    const batches = new Set(runs.filter(([, , height]) => height === 48).map(([count]) => count));
    expect(batches.size).toBeGreaterThan(0);
    for (const size of batches) expect([1, 2, 4, 8, 16]).toContain(size);
    // An exhaustive search of all of them takes almost a minute; those in the corner have the same sizes.
    const corner = await decode(await grid(columns, px, 5));
    expect(side(found)).toBeGreaterThanOrEqual(0.9 * side(largestOf(await exhaustive.detect(corner))));
  });

  it.each([2, 5, 9, 14, 20])('up to twenty faces are not a crowd: of %i it finds exactly the same', async (count) => {
    const columns = Math.ceil(Math.sqrt(count));
    const cell = Math.floor(1000 / columns);
    const places = Array.from({ length: count }, (_, i) => ({
      side: Math.round(cell * (0.3 + (0.3 * ((i * 5) % 7)) / 6)),
      left: (i % columns) * cell,
      top: Math.floor(i / columns) * cell,
    }));
    const photograph = await decode(await scene(places, 1024));
    const found = largestOf(await detector.detect(photograph));

    expect(found).toEqual(largestOf(await exhaustive.detect(photograph)));
  });

  it('keeps the search bounded if nothing is a face', async () => {
    const { pixels } = randomImage(1024, 1024, 3);
    const blotches = await sharp(pixels, { raw: { width: 1024, height: 1024, channels: 3 } })
      .blur(4)
      .normalise()
      .png()
      .toBuffer();
    const photograph = await decode(blotches);
    const runs = await runsOf(() => detector.detect(photograph));

    expect(looksAt(runs, 24)).toBeLessThanOrEqual(BOUNDED.refined);
    expect(looksAt(runs, 48)).toBeLessThanOrEqual(BOUNDED.decided);
  });
});

describe('a checkpoint', () => {
  it('that throws ends the search before its next run', async () => {
    const photograph = await decode(photographFile('biden.jpg'));
    let passed = 0;
    const all = await runsOf(() => detector.detect(photograph, () => passed++));
    const total = passed;
    passed = 0;
    const some = await runsOf(() =>
      detector
        .detect(photograph, () => {
          if (++passed === 4) throw new Abandoned();
        })
        .catch((error: unknown) => {
          expect(error).toBeInstanceOf(Abandoned);
        }),
    );

    expect(total).toBe(all.length);
    expect(passed).toBe(4);
    expect(some).toEqual(all.slice(0, 3));
  });
});

it('finds nothing in a uniform picture, or in the smallest one', async () => {
  const even = (width: number, height: number): Promise<Buffer> =>
    sharp({ create: { width, height, channels: 3, background: 'grey' } })
      .png()
      .toBuffer();
  expect(await detector.detect(await decode(await even(300, 200)))).toEqual([]);
  expect(await detector.detect(await decode(await even(20, 20)))).toEqual([]);
  expect(await detector.detect(await decode(await even(900, 20)))).toEqual([]);
});

/** Where the head is in obama.jpg, and the side of its face (√(width · height) of MTCNN's box). */
const HEAD = { left: 290, top: 20, width: 420, height: 480 };
const FACE_SIDE = 284;

/** A grey canvas 1024 px wide with faces of the given sizes. */
async function scene(faces: readonly { side: number; left: number; top: number }[], height = 768): Promise<Uint8Array> {
  const heads = faces.map(async ({ side, left, top }): Promise<OverlayOptions> => {
    const factor = side / FACE_SIDE;
    const input = await sharp(photographFile('obama.jpg'))
      .extract(HEAD)
      .resize(Math.round(HEAD.width * factor), Math.round(HEAD.height * factor))
      .png()
      .toBuffer();
    return { input, left, top };
  });
  return sharp({ create: { width: 1024, height, channels: 3, background: 'grey' } })
    .composite(await Promise.all(heads))
    .png()
    .toBuffer();
}
