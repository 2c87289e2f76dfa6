import { carryOn, type Checkpoint } from './checkpoint.js';
import { BlazeFaceDetector, type BlazeFaceModelPaths } from './detection/blazeface/blazeface-detector.js';
import {
  type DetectedFace,
  type DetectorModel,
  type DetectorName,
  type FaceDetector,
  scaleFace,
  turnFace,
} from './detection/face-detector.js';
import { FaceFinder, type FaceQuery, type FoundFace } from './detection/face-finder.js';
import { FaceOrientation } from './detection/face-orientation.js';
import { MtcnnDetector, type MtcnnModelPaths } from './detection/mtcnn/mtcnn-detector.js';
import { faceTensor, InceptionResnetV1 } from './embedding/inception-resnet-v1.js';
import { FaceError } from './errors.js';
import { clipBox, type Size } from './geometry/box.js';
import { type CropRule, faceCrop } from './image/crop.js';
import { decodePhotograph } from './image/decode.js';
import type { Photograph } from './image/photograph.js';
import { opposite, type QuarterTurns } from './image/quarter-turn.js';
import { workingPixel } from './image/working-size.js';
import type { RuntimeOptions } from './runtime/onnx-model.js';

export interface FaceAnalyserOptions {
  readonly models: {
    readonly mtcnn: MtcnnModelPaths;
    readonly blazeface: BlazeFaceModelPaths;
    readonly embedder: string;
  };
  readonly runtime: RuntimeOptions;
  /** How a face is cut out that a network of this detector has found. */
  readonly cropRules: Readonly<Record<DetectorName, CropRule>>;
  /** The most pixels a photograph may unpack to. */
  readonly maxPixels: number;
}

/** Milliseconds spent in each stage. */
export interface StageTimings {
  readonly decodeMs: number;
  readonly detectMs: number;
  readonly cropMs: number;
  readonly embedMs: number;
}

/** What is known of a photograph once its face is embedded. */
export interface FaceAnalysis {
  /** The photograph's size as sent, upright, in pixels. */
  readonly image: Size;
  /** The face that counts, in pixels of the photograph as sent, upright; the box is clipped to it. */
  readonly face: DetectedFace;
  /** By how much the photograph was turned, clockwise, until the face was upright. */
  readonly turned: QuarterTurns;
  /** Faces found until it was sure which counts: all of them in most photographs, at least that many in others. */
  readonly facesFound: number;
  /** 512 values, a unit vector. */
  readonly embedding: Float32Array;
  readonly timings: StageTimings;
}

/** The whole way from a file to an embedding. Holds the networks and no photograph. */
export class FaceAnalyser {
  private constructor(
    private readonly detectors: Readonly<Record<DetectorName, FaceDetector>>,
    private readonly finder: FaceFinder,
    private readonly embedder: InceptionResnetV1,
    private readonly options: FaceAnalyserOptions,
  ) {}

  static async load(options: FaceAnalyserOptions): Promise<FaceAnalyser> {
    const { models, runtime } = options;
    const mtcnn = await MtcnnDetector.load(models.mtcnn, runtime);
    const blazeface = await BlazeFaceDetector.load(models.blazeface, runtime);
    const embedder = await InceptionResnetV1.load(models.embedder, runtime);
    const detectors = { mtcnn, blazeface };
    const finder = new FaceFinder(detectors, new FaceOrientation(mtcnn.oNet));
    return new FaceAnalyser(detectors, finder, embedder, options);
  }

  /** Runs every network once on a grey picture, so that the first photograph does not pay for their first run. */
  async warmUp(): Promise<void> {
    const grey = { width: 256, height: 256, pixels: new Uint8Array(256 * 256 * 3).fill(128) };
    const photograph: Photograph = { ...grey, original: grey, scaleToOriginal: 1 };
    for (const { searches } of Object.values(this.detectors)) {
      for (const search of searches) await search.detect(photograph);
    }
    const square = { centreX: 128, centreY: 128, side: 256, angle: 0 };
    await this.embedder.embed(faceTensor(photograph, { kind: 'square', square }));
  }

  /**
   * Decodes a photograph, finds the face that counts and embeds it.
   *
   * @param checkpoint called between steps; what it throws ends the analysis
   * @throws FaceError where the photograph cannot be read, or shows no face, or several where one is wanted
   */
  async analyse(bytes: Uint8Array, query: FaceQuery, checkpoint: Checkpoint = carryOn): Promise<FaceAnalysis> {
    checkpoint();
    const watch = new Stopwatch();
    const decoded = await decodePhotograph(bytes, this.detectors[query.detector].scale, this.options.maxPixels);
    checkpoint();
    const decodeMs = watch.lap();
    const found = await this.finder.find(decoded, query, checkpoint);
    checkpoint();
    const detectMs = watch.lap();
    if (found === undefined) throw new FaceError('NO_FACE', 'shows no face');
    const { face, photograph, turned, facesFound } = found;
    const cropRule = this.options.cropRules[detectorOf(face.foundBy)];
    const tensor = faceTensor(photograph, faceCrop(face, photograph, cropRule, workingPixel(photograph)));
    const cropMs = watch.lap();
    const embedding = await this.embedder.embed(tensor);
    const embedMs = watch.lap();
    return {
      image: decoded.original,
      face: asSent(found),
      turned,
      facesFound,
      embedding,
      timings: { decodeMs, detectMs, cropMs, embedMs },
    };
  }
}

const detectorOf = (model: DetectorModel): DetectorName => (model === 'mtcnn' ? 'mtcnn' : 'blazeface');

/** A face in pixels of the photograph as sent. */
function asSent({ face, photograph: { original, scaleToOriginal }, turned }: FoundFace): DetectedFace {
  const scaled = scaleFace(face, scaleToOriginal);
  return turnFace({ ...scaled, box: clipBox(scaled.box, original) }, original, opposite(turned));
}

class Stopwatch {
  #last = performance.now();

  /** Milliseconds since the last lap. */
  lap(): number {
    const now = performance.now();
    const elapsed = now - this.#last;
    this.#last = now;
    return elapsed;
  }
}
