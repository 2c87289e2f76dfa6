import sharp from 'sharp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { faceCropper } from '../cropping/croppers.js';
import { BlazeFaceDetector } from '../detection/blazeface/blazeface-detector.js';
import { DETECTOR_NAMES } from '../detection/detectors.js';
import { inputTensor } from '../embedding/embedder.js';
import { FaceAnalyser } from '../face-analyser.js';
import { decodePhotograph } from '../image/decode.js';
import {
  cropBy,
  detectFaces,
  largestBy,
  largestDifference,
  MAX_PIXELS,
  MODELS,
  photographFile,
  REFERENCE,
  RUNTIME,
} from '../test-support.fixture.js';
import { BatchedModel } from './batched-model.js';
import { OnnxModel, type RuntimeOptions } from './onnx-model.js';

const SIGNATURE = { input: 'faces', outputs: ['embeddings'] as const };
const { input: INPUT, path: EMBEDDER } = MODELS.embedder;
const FACE_DIMS = [3, INPUT.side, INPUT.side];
const PHOTOGRAPHS = Object.keys(REFERENCE.images).filter((name) => REFERENCE.images[name].mtcnn !== null);

/** Full batches only: the maximum wait is longer than any test. */
const BATCHED: RuntimeOptions = { ...RUNTIME, batching: { maxItems: 4, maxWaitMs: 600_000, padBatches: false } };

/** Batches of everything that arrives within a few milliseconds, always padded to four. */
const FILLED_UP: RuntimeOptions = { ...RUNTIME, batching: { maxItems: 4, maxWaitMs: 5, padBatches: true } };

const load = (runtime: RuntimeOptions) => BatchedModel.load(EMBEDDER, SIGNATURE, FACE_DIMS, runtime);

const blankFace = (): Float32Array => inputTensor(INPUT);

const runs = vi.spyOn(OnnxModel.prototype, 'run');

afterEach(() => {
  runs.mockClear();
});

/** The batch size of each run since the last call. */
function runSizes(): number[] {
  const sizes = runs.mock.calls.map(([, dims]) => dims[0]);
  runs.mockClear();
  return sizes;
}

/** The cropped faces of the bundled photographs, and the embedding of each on its own. */
async function embeddedFaces(): Promise<{ readonly face: Float32Array; readonly embedding: Float32Array }[]> {
  const detector = await BlazeFaceDetector.load(MODELS.detectors.blazeface, RUNTIME);
  const model = await load(RUNTIME);
  const cropper = faceCropper(cropBy('square'), INPUT);
  const embedded = [];
  for (const name of PHOTOGRAPHS) {
    const photograph = await decodePhotograph(photographFile(name), detector.referenceScale, MAX_PIXELS);
    const [detected] = await detectFaces(detector, photograph);
    const face = cropper.crop(detected, photograph);
    embedded.push({ face, embedding: (await model.run(face)).embeddings });
  }
  runs.mockClear();
  return embedded;
}

describe('BatchedModel', () => {
  it('embeds faces in a batch like one by one, in order', async () => {
    const faces = await embeddedFaces();
    const eight = [...faces, faces[0]];
    const model = await load(BATCHED);
    const results = await Promise.all(eight.map(({ face }) => model.run(face)));
    expect(runSizes()).toEqual([4, 4]);
    for (const [i, { embeddings }] of results.entries()) {
      expect(largestDifference(embeddings, eight[i].embedding)).toBeLessThanOrEqual(1e-5);
    }
  });

  it('pads batches without affecting the embeddings', async () => {
    const faces = await embeddedFaces();
    const model = await load(FILLED_UP);
    for (const count of [1, 3]) {
      const some = faces.slice(0, count);
      const results = await Promise.all(some.map(({ face }) => model.run(face)));
      expect(runSizes()).toEqual([4]);
      for (const [i, { embeddings }] of results.entries()) {
        expect(largestDifference(embeddings, some[i].embedding)).toBeLessThanOrEqual(1e-5);
      }
    }
  });

  it('returns arrays that share no memory', async () => {
    const model = await load(BATCHED);
    const results = await Promise.all(Array.from({ length: 4 }, () => model.run(blankFace())));
    expect(new Set(results.map(({ embeddings }) => embeddings.buffer)).size).toBe(4);
    for (const { embeddings } of results) expect(embeddings.buffer.byteLength).toBe(512 * 4);
  });

  it('rejects an item of the wrong size before it can spoil a batch', async () => {
    const model = await load(BATCHED);
    const items = [blankFace(), blankFace().subarray(1), blankFace(), blankFace(), blankFace()];
    const results = await Promise.allSettled(items.map((item) => model.run(item)));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, true]);
    expect(results[1]).toMatchObject({ reason: new RangeError('expected 76800 values but received 76799') });
    expect(runSizes()).toEqual([4]);
  });

  it.each([
    ['without batching', RUNTIME],
    ['with batches of one', { ...RUNTIME, batching: { maxItems: 1, maxWaitMs: 600_000, padBatches: true } }],
  ])('runs each item immediately and on its own %s', async (_, runtime) => {
    const model = await load(runtime);
    await Promise.all([model.run(blankFace()), model.run(blankFace())]);
    expect(runSizes()).toEqual([1, 1]);
  });
});

it('an analyser with batching finds the same faces and embeddings in concurrent photographs', async () => {
  const options = { models: MODELS, detectors: DETECTOR_NAMES, crop: cropBy('square'), maxPixels: MAX_PIXELS };
  const alone = await FaceAnalyser.load({ ...options, runtime: RUNTIME });
  const together = await FaceAnalyser.load({ ...options, runtime: FILLED_UP });
  // PNGs, because an analyser that batches does without the quicker decoder of JPEGs.
  const files = await Promise.all(PHOTOGRAPHS.map((name) => sharp(photographFile(name)).png().toBuffer()));
  const expected = [];
  for (const file of files) expected.push(await alone.analyse(file, largestBy('blazeface')));
  const results = await Promise.all(files.map((file) => together.analyse(file, largestBy('blazeface'))));
  for (const [i, { face, embedding }] of results.entries()) {
    expect(largestDifference(embedding, expected[i].embedding)).toBeLessThanOrEqual(1e-5);
    expect(face.confidence).toBeCloseTo(expected[i].face.confidence, 4);
    for (const side of ['x1', 'y1', 'x2', 'y2'] as const) {
      expect(face.box[side]).toBeCloseTo(expected[i].face.box[side], 1);
    }
  }
});
