import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CropOptions, CropRule } from './cropping/crop-rule.js';
import { DETECTOR_NAMES, type DetectorName, DETECTORS } from './detection/detectors.js';
import type { DetectedFace, FaceDetector } from './detection/face-detector.js';
import type { FaceQuery } from './detection/face-finder.js';
import type { Landmarks, Point } from './detection/landmarks.js';
import { MtcnnDetector, type MtcnnOptions } from './detection/mtcnn/mtcnn-detector.js';
import { ONet } from './detection/mtcnn/o-net.js';
import type { EmbedderModel } from './embedding/embedder.js';
import { FaceError, type FaceErrorCode } from './errors.js';
import type { BoundingBox } from './geometry/box.js';
import type { Photograph } from './image/photograph.js';
import type { RgbImage } from './image/rgb-image.js';
import type { PixelNormalisation } from './image/tensor.js';
import type { RuntimeOptions } from './runtime/onnx-model.js';
import { seededRandom } from './seeded-random.fixture.js';

const REPOSITORY = new URL('../../../', import.meta.url);

export const RUNTIME: RuntimeOptions = { executionProvider: 'cpu', intraOpThreads: 1 };

export const MAX_PIXELS = 50_000_000;

/** The path of a file in models/. */
export const modelPath = (file: string): string => fileURLToPath(new URL(`models/${file}`, REPOSITORY));

export const MODELS = {
  oNet: modelPath('onet.onnx'),
  detectors: {
    mtcnn: { pNet: modelPath('pnet.onnx'), rNet: modelPath('rnet.onnx') },
    blazeface: {
      fullRange: modelPath('blazeface-full-range.onnx'),
      shortRange: modelPath('blazeface-short-range.onnx'),
    },
  },
  embedder: embedderModel('inception-resnet-v1-casia-webface.onnx'),
};

export const INT8_EMBEDDER = embedderModel('inception-resnet-v1-casia-webface.int8.onnx');

/** The match threshold of the bundled weights. */
export const THRESHOLD = manifestEntry('inception-resnet-v1-casia-webface.onnx').threshold;

/** A bundled embedder, as its entry in the manifest describes it. */
function embedderModel(file: string): EmbedderModel {
  const { normalisation, inputs, outputs } = manifestEntry(file);
  return { path: modelPath(file), input: { side: inputs[0].shape[3], normalisation }, length: outputs[0].shape[1] };
}

/** An embedder's entry in the manifest. */
interface ManifestEntry {
  readonly file: string;
  readonly threshold: number;
  readonly normalisation: PixelNormalisation;
  readonly inputs: readonly { readonly shape: readonly number[] }[];
  readonly outputs: readonly { readonly shape: readonly number[] }[];
}

function manifestEntry(file: string): ManifestEntry {
  const { models } = JSON.parse(readFileSync(modelPath('manifest.json'), 'utf8')) as { models: ManifestEntry[] };
  const entry = models.find((model) => model.file === file);
  if (entry === undefined) throw new Error(`${file} is not in the manifest`);
  return entry;
}

/** A margin for each detector. */
export const marginsBy = (marginOf: (detector: DetectorName) => number): CropOptions['margins'] =>
  Object.fromEntries(DETECTOR_NAMES.map((name) => [name, marginOf(name)])) as CropOptions['margins'];

/** Crops by a rule, with the detectors' own margins. */
export const cropBy = (rule: CropRule): CropOptions => ({
  rule,
  margins: marginsBy((detector) => DETECTORS[detector].crop.margin),
});

/** MTCNN with its O-net. */
export const loadMtcnn = async (options?: MtcnnOptions): Promise<MtcnnDetector> =>
  MtcnnDetector.load(MODELS.detectors.mtcnn, await ONet.load(MODELS.oNet, RUNTIME), RUNTIME, options);

/** Two eyes, rotated clockwise by an angle in radians. */
export function eyes(angle = 0, [x, y]: Point = [125, 110], apart = 40): Landmarks {
  const [dx, dy] = [(apart / 2) * Math.cos(angle), (apart / 2) * Math.sin(angle)];
  return { leftEye: [x - dx, y - dy], rightEye: [x + dx, y + dy] };
}

/** The bytes of a file in test/photographs/. */
export const photographFile = (name: string): Buffer => readFileSync(new URL(`test/photographs/${name}`, REPOSITORY));

/** Results of the reference stack; test/reference/README.md explains the fields. */
export interface Reference {
  readonly images: Readonly<Record<string, ReferenceImage>>;
  readonly pairs: readonly {
    readonly a: string;
    readonly b: string;
    readonly detector: ReferenceDetector;
    readonly cosine_similarity: number;
  }[];
}

export type ReferenceDetector = 'mtcnn' | 'mediapipe';

export interface ReferenceImage {
  readonly size: readonly [width: number, height: number];
  readonly working_size: readonly [width: number, height: number];
  readonly mtcnn: {
    readonly faces: readonly {
      readonly box: readonly [number, number, number, number];
      readonly probability: number;
      readonly landmarks: readonly (readonly [number, number])[];
    }[];
    readonly largest: number;
    readonly embedding_head: readonly number[];
  } | null;
  readonly mediapipe: {
    readonly faces: readonly {
      readonly relative_box: readonly [number, number, number, number];
      readonly score: number;
      readonly keypoints: readonly (readonly [number, number])[];
    }[];
    readonly crop_box: readonly [number, number, number, number];
    readonly embedding_head: readonly number[];
  } | null;
}

export const REFERENCE = JSON.parse(
  readFileSync(new URL('test/reference/reference.json', REPOSITORY), 'utf8'),
) as Reference;

export const boxOf = ([x1, y1, x2, y2]: readonly [number, number, number, number]): BoundingBox => ({ x1, y1, x2, y2 });

/** An image of noise, the same on every run. */
export function randomImage(width: number, height: number, seed: number): RgbImage {
  const random = seededRandom(seed);
  return { width, height, pixels: Uint8Array.from({ length: width * height * 3 }, () => Math.floor(random() * 256)) };
}

/** An image as an unscaled photograph. */
export function asPhotograph(image: RgbImage): Photograph {
  return { ...image, original: { width: image.width, height: image.height }, scaleToOriginal: 1 };
}

/** The code of the FaceError a promise rejects with; undefined if it resolves. */
export async function faceErrorCode(promise: Promise<unknown>): Promise<FaceErrorCode | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (error instanceof FaceError) return error.code;
    throw error;
  }
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean absolute difference of two arrays of equal length. */
export function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkLengths(a, b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}

/** The largest absolute difference of two arrays of equal length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkLengths(a, b);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

function checkLengths(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length !== b.length) throw new RangeError(`expected ${b.length} values but received ${a.length}`);
}

/** The largest face, whatever its confidence. */
export const largestBy = (detector: DetectorName): FaceQuery => ({ detector, selection: 'largest', minConfidence: 0 });

/** The faces from the first of a detector's searches that finds any. */
export async function detectFaces({ searches }: FaceDetector, photograph: Photograph): Promise<DetectedFace[]> {
  for (const search of searches) {
    const faces = await search.detect(photograph);
    if (faces.length > 0) return faces;
  }
  return [];
}
