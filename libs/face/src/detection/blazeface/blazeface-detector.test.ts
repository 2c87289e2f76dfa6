import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { intersectionOverUnion } from '../../geometry/box.js';
import { decodePhotograph } from '../../image/decode.js';
import type { WorkingScale } from '../../image/working-size.js';
import { detectFaces, MAX_PIXELS, MODELS, photographFile, REFERENCE, RUNTIME } from '../../test-support.fixture.js';
import type { DetectedFace } from '../face-detector.js';
import { BLAZEFACE } from './blazeface.js';
import { BlazeFaceDetector } from './blazeface-detector.js';

const detector = await BlazeFaceDetector.load(MODELS.detectors.blazeface, RUNTIME);

/** The reference results were computed on photographs scaled to the working size. */
const REFERENCE_SCALE: WorkingScale = { noResizeUpTo: 1, kernel: 'cubic', quickJpegs: false };

async function detect(bytes: Uint8Array, scale = detector.scale): Promise<DetectedFace[]> {
  return detectFaces(detector, await decodePhotograph(bytes, scale, MAX_PIXELS));
}

const references = Object.entries(REFERENCE.images).map(([name, { mediapipe, working_size }]) => ({
  name,
  faces: mediapipe?.faces ?? [],
  workingSize: working_size,
}));

describe('against the reference', () => {
  it.each(references)('finds the faces of $name where MediaPipe finds them', async ({ name, faces, workingSize }) => {
    const [width, height] = workingSize;
    const found = await detect(photographFile(name), REFERENCE_SCALE);
    expect(found).toHaveLength(faces.length);
    for (const [i, { relative_box, score, keypoints }] of faces.entries()) {
      const [x1, y1, x2, y2] = relative_box;
      const box = { x1: x1 * width, y1: y1 * height, x2: x2 * width, y2: y2 * height };
      expect(intersectionOverUnion(found[i].box, box)).toBeGreaterThanOrEqual(0.97);
      expect(Math.abs(found[i].confidence - score)).toBeLessThanOrEqual(0.01);
      expect(found[i].foundBy).toBe('blazeface-full-range');
      expect(Object.keys(found[i].landmarks)).toEqual(BLAZEFACE.landmarks);
      for (const [k, [x, y]] of Object.values(found[i].landmarks).entries()) {
        expect(Math.abs(x - keypoints[k][0] * width)).toBeLessThan(1.5);
        expect(Math.abs(y - keypoints[k][1] * height)).toBeLessThan(1.5);
      }
    }
  });

  it.each(references)(
    'finds the same faces in $name without scaling it first',
    async ({ name, faces, workingSize }) => {
      const bytes = photographFile(name);
      const photograph = await decodePhotograph(bytes, detector.referenceScale, MAX_PIXELS);
      const toWorking = workingSize[0] / photograph.width;
      const found = await detect(bytes);
      expect(found).toHaveLength(faces.length);
      for (const [i, { relative_box }] of faces.entries()) {
        const [x1, y1, x2, y2] = relative_box.map((value, k) => (value * workingSize[k % 2]) / toWorking);
        expect(intersectionOverUnion(found[i].box, { x1, y1, x2, y2 })).toBeGreaterThan(0.95);
      }
    },
  );
});

describe('faces that fill the frame', () => {
  const portraits = ['astronaut.png', 'biden.jpg', 'obama.jpg', 'obama2.jpg', 'obama3.jpg'];
  const cuts = portraits.flatMap((name) => [-0.1, 0, 0.2].map((margin) => ({ name, margin })));

  it.each(cuts)('are found in $name, cropped with a margin of $margin', async ({ name, margin }) => {
    expect(await detect(await cutClose(name, margin))).toHaveLength(1);
  });

  it('are found by the short-range network if the other finds nothing, and foundBy says so', async () => {
    const [close] = await detect(await cutClose('biden.jpg', -0.1));
    expect(close.foundBy).toBe('blazeface-short-range');
    expect(close.confidence).toBeGreaterThan(0.7);
    expect(Object.values(close.landmarks)).toHaveLength(6);
    const [wide] = await detect(await cutClose('biden.jpg', 0.2));
    expect(wide.foundBy).toBe('blazeface-full-range');
  });

  it('are located correctly by the short-range network as well', async () => {
    // The same face by the full-range network, in a wider crop: the crops' corners are 0.3 of the box apart.
    const [close] = await detect(await cutClose('biden.jpg', -0.1));
    const [wide] = await detect(await cutClose('biden.jpg', 0.2));
    const box = faceBox('biden.jpg');
    const dx = Math.round(box.x1 + 0.1 * box.width) - Math.round(box.x1 - 0.2 * box.width);
    const dy = Math.round(box.y1 + 0.1 * box.height) - Math.round(box.y1 - 0.2 * box.height);
    const moved = { x1: close.box.x1 + dx, y1: close.box.y1 + dy, x2: close.box.x2 + dx, y2: close.box.y2 + dy };
    expect(intersectionOverUnion(moved, wide.box)).toBeGreaterThan(0.6);
  });
});

/** MTCNN's box of the only face, in pixels of the file on disk. */
function faceBox(name: string): { x1: number; y1: number; width: number; height: number } {
  const { mtcnn, size, working_size } = REFERENCE.images[name];
  if (mtcnn === null) throw new Error(`${name} shows no face`);
  const [x1, y1, x2, y2] = mtcnn.faces[mtcnn.largest].box.map((value) => (value * size[0]) / working_size[0]);
  return { x1, y1, width: x2 - x1, height: y2 - y1 };
}

/** The face alone, with a margin on every side as a fraction of its box. */
function cutClose(name: string, margin: number): Promise<Uint8Array> {
  const { x1, y1, width, height } = faceBox(name);
  const [right, bottom] = REFERENCE.images[name].size;
  const left = Math.max(0, Math.round(x1 - margin * width));
  const top = Math.max(0, Math.round(y1 - margin * height));
  return sharp(photographFile(name))
    .extract({
      left,
      top,
      width: Math.min(right, Math.round(x1 + (1 + margin) * width)) - left,
      height: Math.min(bottom, Math.round(y1 + (1 + margin) * height)) - top,
    })
    .png()
    .toBuffer();
}
