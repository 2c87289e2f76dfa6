import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { compareEmbeddings } from './comparison/similarity.js';
import { isMatch } from './comparison/threshold.js';
import { DETECTOR_NAMES, type DetectorName, DETECTORS } from './detection/detectors.js';
import type { Point } from './detection/landmarks.js';
import { FaceAnalyser, type FaceAnalysis } from './face-analyser.js';
import { intersectionOverUnion, scaleBox } from './geometry/box.js';
import { type QuarterTurns, turnBox, turnedSize, turnPoint } from './image/quarter-turn.js';
import { EXIF_ORIENTATIONS, formatVariants, withOrientation } from './image/variants.fixture.js';
import {
  boxOf,
  cropBy,
  faceErrorCode,
  largestBy,
  largestDifference,
  MAX_PIXELS,
  MODELS,
  photographFile,
  REFERENCE,
  RUNTIME,
  THRESHOLD,
} from './test-support.fixture.js';

const analyser = await FaceAnalyser.load({
  models: MODELS,
  runtime: RUNTIME,
  crop: cropBy('square'),
  detectors: DETECTOR_NAMES,
  maxPixels: MAX_PIXELS,
});
const obama = photographFile('obama.jpg');
const variants = await formatVariants(obama);
const inColour = variants.filter((variant) => !variant.grey);
const grey = variants.filter((variant) => variant.grey);
const turned = await Promise.all(
  EXIF_ORIENTATIONS.map(async (orientation) => ({ orientation, bytes: await withOrientation(obama, orientation) })),
);

/**
 * The first values of embeddings by the float32 weights. A change here makes the embeddings that callers have stored
 * incomparable with new ones: it needs a reason, and a line in the changelog.
 */
const EMBEDDING_HEADS: Readonly<Record<DetectorName, Readonly<Record<string, readonly number[]>>>> = {
  mtcnn: {
    'obama2.jpg': [0.019, -0.0665, -0.0274, 0.0115, -0.0612, 0.0044, 0.0561, 0.0704],
    'biden.jpg': [0.0651, -0.0047, -0.0498, -0.0094, 0.0284, -0.0358, -0.0094, -0.0159],
    'astronaut.png': [-0.0861, 0.004, -0.0432, 0.0186, 0.0426, -0.017, -0.0252, 0.0951],
  },
  blazeface: {
    'obama2.jpg': [0.0337, -0.0709, -0.0419, 0.0139, -0.063, -0.0152, 0.0473, 0.0917],
    'biden.jpg': [0.0549, -0.0138, -0.0501, -0.0243, 0.0162, -0.0501, -0.0095, 0.0027],
    'astronaut.png': [-0.0878, 0.0123, -0.0409, 0.026, 0.0344, 0.002, -0.0184, 0.0908],
  },
};

describe.each(DETECTOR_NAMES)('FaceAnalyser with %s', (detector) => {
  const analyse = (bytes: Uint8Array): Promise<FaceAnalysis> => analyser.analyse(bytes, largestBy(detector));
  const similarity = (a: FaceAnalysis, b: FaceAnalysis): number => compareEmbeddings(a.embedding, b.embedding).cosine;

  const verdict = (a: FaceAnalysis, b: FaceAnalysis): boolean => isMatch(similarity(a, b), THRESHOLD);

  it('locates the face in pixels of the photograph as sent', async () => {
    const { image, face, facesFound, embedding, timings } = await analyse(photographFile('biden.jpg'));
    expect(image).toEqual({ width: 970, height: 2204 });
    expect(facesFound).toBe(1);
    expect(face.confidence).toBeGreaterThan(0.85);
    expect(embedding).toHaveLength(512);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    expect(intersectionOverUnion(face.box, referenceBox('biden.jpg', detector))).toBeGreaterThan(0.97);
    for (const [x, y] of Object.values(face.landmarks)) {
      expect(x).toBeGreaterThan(face.box.x1 - 50);
      expect(x).toBeLessThan(face.box.x2 + 50);
      expect(y).toBeGreaterThan(face.box.y1);
      expect(y).toBeLessThan(face.box.y2);
    }
    expect(Object.keys(timings)).toEqual(['decodeMs', 'detectMs', 'cropMs', 'embedMs']);
    for (const elapsed of Object.values(timings)) expect(elapsed).toBeGreaterThan(0);
  });

  it('clips the box of a face that is cut off', async () => {
    const left = await analyse(photographFile('obama_partial_face.jpg'));
    expect(left.face.box.x1).toBe(0);
    const right = await analyse(photographFile('obama_partial_face2.jpg'));
    expect(right.face.box.x2).toBe(right.image.width);
  });

  it('matches the same person in two photographs and distinguishes two people', async () => {
    const [a, b, other] = await Promise.all(
      ['obama.jpg', 'obama2.jpg', 'biden.jpg'].map((name) => analyse(photographFile(name))),
    );
    expect(verdict(a, b)).toBe(true);
    expect(verdict(a, other)).toBe(false);
  });

  it('recognises a man whose face is cut off', async () => {
    const [whole, ...cut] = await Promise.all(
      ['obama.jpg', 'obama_partial_face.jpg', 'obama_partial_face2.jpg'].map((name) => analyse(photographFile(name))),
    );
    // A square shifted to fit inside the photograph scored 0.51 for one of them.
    for (const analysis of cut) expect(similarity(analysis, whole)).toBeGreaterThan(0.85);
  });

  it.each([-35, 35])('recognises a man in a photograph rotated by %d degrees', async (degrees) => {
    const tilted = await analyse(await sharp(obama).rotate(degrees, { background: 'grey' }).png().toBuffer());
    const [upright, obama2, obama3, biden] = await Promise.all(
      ['obama.jpg', 'obama2.jpg', 'obama3.jpg', 'biden.jpg'].map((name) => analyse(photographFile(name))),
    );
    // Squares that were not rotated scored 0.73 to 0.86.
    expect(similarity(tilted, upright)).toBeGreaterThan(0.9);
    for (const other of [obama2, obama3, biden]) expect(verdict(tilted, other)).toBe(verdict(upright, other));
  });

  it.each([90, 180, 270])(
    'recognises a man in a photograph rotated by %d degrees without EXIF orientation',
    async (degrees) => {
      const bytes = await sharp(photographFile('obama2.jpg')).rotate(degrees).jpeg({ quality: 95 }).toBuffer();
      const [lying, upright, same] = [
        await analyse(bytes),
        await analyse(photographFile('obama2.jpg')),
        await analyse(obama),
      ];

      expect(verdict(lying, same)).toBe(true);
      expect(similarity(lying, upright)).toBeGreaterThan(0.95);
      expect((lying.turned * 90 + degrees) % 360).toBe(0);
      // Sizes and positions refer to the photograph as sent.
      const turns = ((degrees / 90) % 4) as QuarterTurns;
      expect(lying.image).toEqual(turnedSize(upright.image, turns));
      expect(intersectionOverUnion(lying.face.box, turnBox(upright.face.box, upright.image, turns))).toBeGreaterThan(
        0.9,
      );
      for (const name of DETECTORS[detector].landmarks) {
        const [point, expected] = [lying, upright].map(({ face }) => (face.landmarks as Record<string, Point>)[name]);
        const [x, y] = turnPoint(expected, upright.image, turns);
        expect(Math.hypot(point[0] - x, point[1] - y)).toBeLessThan(0.05 * upright.image.width);
      }
      // The crop's own upper left is first, wherever it is in the photograph.
      lying.face.cropCorners.forEach((corner, i) => {
        const [x, y] = turnPoint(upright.face.cropCorners[i], upright.image, turns);
        expect(Math.hypot(corner[0] - x, corner[1] - y)).toBeLessThan(0.05 * upright.image.width);
      });
    },
  );

  it('detects and embeds every face with the same results as analysing one', async () => {
    const obama2 = photographFile('obama2.jpg');
    const query = { detector, minConfidence: 0, maxFaces: 5 };
    const analysis = await analyse(obama2);
    const detection = await analyser.detect(obama2, query);
    const { faces, timings, ...embedded } = await analyser.embed(obama2, query);
    expect(detection.image).toEqual(analysis.image);
    expect(detection.faces).toHaveLength(1);
    expect(detection.faces[0].foundBy).toBe(analysis.face.foundBy);
    expect(intersectionOverUnion(detection.faces[0].box, analysis.face.box)).toBeGreaterThan(0.95);
    expect(embedded).toMatchObject({ image: analysis.image, turned: 0, facesFound: detection.facesFound });
    for (const [i, face] of detection.faces.entries()) expect(faces[i]).toMatchObject(face);
    expect(compareEmbeddings(faces[0].embedding, analysis.embedding).cosine).toBeGreaterThan(0.99);
    expect(Object.keys(timings)).toEqual(['decodeMs', 'detectMs', 'cropMs', 'embedMs']);
    expect((await analyser.detect(photographFile('cat.png'), query)).faces).toEqual([]);
  });

  it.each(Object.entries(EMBEDDING_HEADS[detector]))('embeds %s as it always has', async (photograph, expected) => {
    const { embedding } = await analyse(photographFile(photograph));
    expect(largestDifference(embedding.subarray(0, expected.length), expected)).toBeLessThan(0.005);
  });

  it('finds no face in cat.png', async () => {
    expect(await faceErrorCode(analyse(photographFile('cat.png')))).toBe('NO_FACE');
  });

  it('passes decoding errors on', async () => {
    expect(await faceErrorCode(analyse(Buffer.from('not a photograph')))).toBe('UNSUPPORTED_FORMAT');
    expect(await faceErrorCode(analyse(obama.subarray(0, 50_000)))).toBe('UNREADABLE_IMAGE');
  });

  it('returns the same before and after the warm-up', async () => {
    const before = await analyse(obama);
    await analyser.warmUp();
    expect((await analyse(obama)).embedding).toEqual(before.embedding);
  });

  describe('returns nearly the same for every variant of one photograph', () => {
    const named = (name: string): Promise<FaceAnalysis> => analyse(photographFile(name));
    const originals = Promise.all([named('obama.jpg'), named('obama2.jpg'), named('obama3.jpg'), named('biden.jpg')]);

    it.each(turned)('EXIF orientation $orientation', async ({ bytes }) => {
      const [original, obama2, obama3, biden] = await originals;
      const analysis = await analyse(bytes);
      expect(analysis.image).toEqual(original.image);
      expect(intersectionOverUnion(analysis.face.box, original.face.box)).toBeGreaterThan(0.95);
      for (const other of [obama2, obama3, biden]) {
        expect(Math.abs(similarity(analysis, other) - similarity(original, other))).toBeLessThan(0.03);
        expect(verdict(analysis, other)).toBe(verdict(original, other));
      }
    });

    it.each(inColour)('$name', async ({ bytes }) => {
      const [original, obama2, obama3, biden] = await originals;
      const analysis = await analyse(bytes);
      expect(analysis.image).toEqual(original.image);
      expect(intersectionOverUnion(analysis.face.box, original.face.box)).toBeGreaterThan(0.95);
      for (const other of [obama2, obama3, biden]) {
        expect(Math.abs(similarity(analysis, other) - similarity(original, other))).toBeLessThan(0.03);
        expect(verdict(analysis, other)).toBe(verdict(original, other));
      }
    });

    /*
     * The embedder was trained on colour images, so losing the colours changes the result: obama.jpg in grey has a
     * similarity of 0.90 to 0.92 with itself and up to 0.15 less with obama2.jpg, which takes that one pair to 0.62,
     * just above the default threshold. With obama3.jpg and biden.jpg the verdict holds by a wide margin.
     */
    it.each(grey)('$name, within the loss due to the missing colours', async ({ bytes }) => {
      const [original, obama2, obama3, biden] = await originals;
      const analysis = await analyse(bytes);
      expect(analysis.image).toEqual(original.image);
      expect(intersectionOverUnion(analysis.face.box, original.face.box)).toBeGreaterThan(0.9);
      expect(similarity(analysis, original)).toBeGreaterThan(0.88);
      for (const other of [obama2, obama3, biden]) {
        expect(Math.abs(similarity(analysis, other) - similarity(original, other))).toBeLessThan(0.16);
      }
      expect(verdict(analysis, obama3)).toBe(true);
      expect(verdict(analysis, biden)).toBe(false);
    });
  });
});

/** The reference box of the only face, in pixels of the file on disk. */
function referenceBox(name: string, detector: DetectorName): ReturnType<typeof boxOf> {
  const { size, working_size, mtcnn, mediapipe } = REFERENCE.images[name];
  if (mtcnn === null || mediapipe === null) throw new Error(`${name} shows no face`);
  if (detector === 'mtcnn') return scaleBox(boxOf(mtcnn.faces[0].box), size[0] / working_size[0]);
  const [x1, y1, x2, y2] = mediapipe.faces[0].relative_box;
  return { x1: x1 * size[0], y1: y1 * size[1], x2: x2 * size[0], y2: y2 * size[1] };
}
