import { describe, expect, it } from 'vitest';
import { compareEmbeddings } from './comparison/similarity.js';
import { faceCropper } from './cropping/croppers.js';
import { BlazeFaceDetector } from './detection/blazeface/blazeface-detector.js';
import type { FaceDetector } from './detection/face-detector.js';
import { bySize } from './detection/face-selection.js';
import { OnnxEmbedder } from './embedding/onnx-embedder.js';
import { decodePhotograph } from './image/decode.js';
import type { WorkingScale } from './image/working-size.js';
import {
  cropBy,
  detectFaces,
  largestDifference,
  loadMtcnn,
  MAX_PIXELS,
  mean,
  MODELS,
  photographFile,
  REFERENCE,
  type ReferenceDetector,
  RUNTIME,
} from './test-support.fixture.js';

/** How the reference stack scales and detects (test/reference/README.md). */
interface Recipe {
  readonly name: ReferenceDetector;
  readonly detector: FaceDetector;
  readonly scale: WorkingScale;
}

const mtcnn = await loadMtcnn();
const blazeface = await BlazeFaceDetector.load(MODELS.detectors.blazeface, RUNTIME);
const embedder = await OnnxEmbedder.load(MODELS.embedder, RUNTIME);
const cropper = faceCropper(cropBy('reference'), embedder.input);

const RECIPES: readonly Recipe[] = [
  { name: 'mtcnn', detector: mtcnn, scale: mtcnn.referenceScale },
  { name: 'mediapipe', detector: blazeface, scale: { noResizeUpTo: 1, kernel: 'cubic', quickJpegs: false } },
];

async function embed(photograph: string, { detector, scale }: Recipe): Promise<Float32Array> {
  const decoded = await decodePhotograph(photographFile(photograph), scale, MAX_PIXELS);
  const face = bySize(await detectFaces(detector, decoded)).at(0);
  if (face === undefined) throw new Error(`no face found in ${photograph}`);
  return embedder.embed(cropper.crop(face, decoded));
}

describe.each(RECIPES)('the $name stack', (recipe) => {
  const withFaces = Object.entries(REFERENCE.images).filter(([, image]) => image[recipe.name] !== null);

  it('matches the reference similarities: each within 0.02, the mean difference within 0.005', async () => {
    const embeddings = new Map<string, Float32Array>();
    for (const [photograph] of withFaces) embeddings.set(photograph, await embed(photograph, recipe));
    const pairs = REFERENCE.pairs.filter(({ detector }) => detector === recipe.name);
    expect(pairs).toHaveLength(21);
    const differences = pairs.map(({ a, b, cosine_similarity }) => {
      const { cosine } = compareEmbeddings(embedding(embeddings, a), embedding(embeddings, b));
      return Math.abs(cosine - cosine_similarity);
    });
    expect(Math.max(...differences)).toBeLessThanOrEqual(0.02);
    expect(mean(differences)).toBeLessThanOrEqual(0.005);
  });

  it.each(withFaces.map(([photograph]) => photograph))('matches the reference embedding of %s', async (photograph) => {
    const expected = REFERENCE.images[photograph][recipe.name]?.embedding_head ?? [];
    const head = (await embed(photograph, recipe)).subarray(0, expected.length);
    expect(expected).toHaveLength(8);
    // If the boxes agree to a tenth of a pixel, as in astronaut.png, the first values agree to 0.001.
    expect(largestDifference(head, expected)).toBeLessThan(photograph === 'astronaut.png' ? 0.001 : 0.008);
  });
});

function embedding(embeddings: ReadonlyMap<string, Float32Array>, photograph: string): Float32Array {
  const values = embeddings.get(photograph);
  if (values === undefined) throw new Error(`no embedding of ${photograph}`);
  return values;
}
