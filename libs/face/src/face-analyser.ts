import { carryOn, type Checkpoint } from './checkpoint.js';
import type { CropOptions } from './cropping/crop-rule.js';
import { faceCropper } from './cropping/croppers.js';
import type { CropCorners, FaceCropper } from './cropping/face-cropper.js';
import type { DetectorName } from './detection/detectors.js';
import {
  type DecodingOptions,
  decodingScale,
  type DetectedFace,
  scaleFace,
  turnFace,
} from './detection/face-detector.js';
import { type AllFacesQuery, FaceFinder, type FaceQuery, type FoundFaces } from './detection/face-finder.js';
import { FaceOrientation } from './detection/face-orientation.js';
import type { Point } from './detection/landmarks.js';
import { type DetectorPaths, LoadedDetectors } from './detection/load-detectors.js';
import { ONet } from './detection/mtcnn/o-net.js';
import { type Embedder, type EmbedderModel, inputTensor } from './embedding/embedder.js';
import { OnnxEmbedder } from './embedding/onnx-embedder.js';
import { FaceError } from './errors.js';
import { clipBox, type Size } from './geometry/box.js';
import { decodePhotograph } from './image/decode.js';
import type { Photograph } from './image/photograph.js';
import { opposite, type QuarterTurns, turnPoint } from './image/quarter-turn.js';
import { assessFace, type FaceAssessment } from './quality/face-quality.js';
import type { RuntimeOptions } from './runtime/onnx-model.js';
import { Stopwatch } from './stopwatch.js';

export interface FaceAnalyserOptions {
  readonly models: {
    /** MTCNN's O-net, which verifies every face. */
    readonly oNet: string;
    readonly detectors: DetectorPaths;
    readonly embedder: EmbedderModel;
  };
  /** Those that callers can choose. Their helpers are loaded too. */
  readonly detectors: readonly DetectorName[];
  readonly runtime: RuntimeOptions;
  readonly crop: CropOptions;
  /** Maximum number of pixels of a decoded photograph. */
  readonly maxPixels: number;
}

/** Milliseconds spent until the faces are found. */
export interface DetectionTimings {
  readonly decodeMs: number;
  readonly detectMs: number;
}

/** Milliseconds spent in each stage. */
export interface StageTimings extends DetectionTimings {
  readonly cropMs: number;
  readonly embedMs: number;
}

/** The result of searching a photograph for faces. */
interface SearchedPhotograph {
  /** The photograph's size as sent, upright, in pixels. */
  readonly image: Size;
  /** How far the photograph was rotated, clockwise, for the largest face to be upright. */
  readonly turned: QuarterTurns;
  /** Number of faces found before the search ended: a lower bound, which in most photographs is exact. */
  readonly facesFound: number;
}

/** A face with its quality. */
export interface AssessedFace extends DetectedFace, FaceAssessment {}

/** The faces in a photograph. */
export interface FaceDetection extends SearchedPhotograph {
  /** Largest first, in pixels of the photograph as sent, upright; boxes are clipped to it. */
  readonly faces: readonly AssessedFace[];
  readonly timings: DetectionTimings;
}

/** A face and what was cut out around it. */
export interface CroppedFace extends AssessedFace {
  /** The area that the embedder saw, in pixels of the photograph as sent, upright; the crop's own upper left is first. */
  readonly cropCorners: CropCorners;
}

/** A face with its embedding. */
export interface EmbeddedFace extends CroppedFace {
  /** A unit vector. */
  readonly embedding: Float32Array;
}

/** The faces in a photograph, embedded. */
export interface FaceEmbeddings extends SearchedPhotograph {
  /** As in {@link FaceDetection}. */
  readonly faces: readonly EmbeddedFace[];
  readonly timings: StageTimings;
}

/** The selected face of a photograph, embedded. */
export interface FaceAnalysis extends SearchedPhotograph {
  /** The selected face, in pixels of the photograph as sent, upright; the box is clipped to it. */
  readonly face: CroppedFace;
  /** A unit vector. */
  readonly embedding: Float32Array;
  readonly timings: StageTimings;
}

/** The whole pipeline from a file to an embedding. Holds the networks but no photograph. Each task is one method. */
export class FaceAnalyser {
  private constructor(
    private readonly detectors: LoadedDetectors,
    private readonly finder: FaceFinder,
    private readonly embedder: Embedder,
    private readonly cropper: FaceCropper,
    private readonly decoding: DecodingOptions,
    private readonly maxPixels: number,
  ) {}

  static async load({
    models,
    detectors: names,
    runtime,
    crop,
    maxPixels,
  }: FaceAnalyserOptions): Promise<FaceAnalyser> {
    const oNet = await ONet.load(models.oNet, runtime);
    const detectors = await LoadedDetectors.load(names, models.detectors, { runtime, oNet });
    const finder = new FaceFinder(detectors, new FaceOrientation(oNet));
    const embedder = await OnnxEmbedder.load(models.embedder, runtime);
    const cropper = faceCropper(crop, embedder.input);
    const decoding = { rule: crop.rule, sharesThread: (runtime.batching?.maxItems ?? 1) > 1 };
    return new FaceAnalyser(detectors, finder, embedder, cropper, decoding, maxPixels);
  }

  /** Runs every network once on a grey picture, so that the first photograph is not slowed down by a cold start. */
  async warmUp(): Promise<void> {
    const grey = { width: 256, height: 256, pixels: new Uint8Array(256 * 256 * 3).fill(128) };
    const photograph: Photograph = { ...grey, original: grey, scaleToOriginal: 1 };
    for (const { searches } of this.detectors.all()) {
      for (const search of searches) await search.detect(photograph);
    }
    await this.embedder.embed(inputTensor(this.embedder.input));
  }

  /**
   * Decodes a photograph and finds the faces in it.
   *
   * @param checkpoint called between steps; an error it throws ends the task
   * @throws FaceError if the photograph cannot be read
   */
  async detect(bytes: Uint8Array, query: AllFacesQuery, checkpoint: Checkpoint = carryOn): Promise<FaceDetection> {
    const { found, ...detection } = await this.#findAll(bytes, query, checkpoint);
    const watch = new Stopwatch();
    const faces = found.faces.map((face) => asSent(face, found));
    const timings = { ...detection.timings, detectMs: detection.timings.detectMs + watch.lap() };
    return { ...detection, faces, timings };
  }

  /**
   * Decodes a photograph, finds the faces in it and embeds each.
   *
   * @param checkpoint called between steps; an error it throws ends the task
   * @throws FaceError if the photograph cannot be read
   */
  async embed(bytes: Uint8Array, query: AllFacesQuery, checkpoint: Checkpoint = carryOn): Promise<FaceEmbeddings> {
    const { found, timings, ...searched } = await this.#findAll(bytes, query, checkpoint);
    const watch = new Stopwatch();
    const faces: EmbeddedFace[] = [];
    let [cropMs, embedMs] = [0, 0];
    for (const face of found.faces) {
      checkpoint();
      const tensor = this.cropper.crop(face, found.photograph);
      const cropped = { ...asSent(face, found), cropCorners: this.#corners(face, found) };
      cropMs += watch.lap();
      faces.push({ ...cropped, embedding: await this.embedder.embed(tensor) });
      embedMs += watch.lap();
    }
    return { ...searched, faces, timings: { ...timings, cropMs, embedMs } };
  }

  /**
   * Decodes a photograph, selects a face and embeds it.
   *
   * @param checkpoint called between steps; an error it throws ends the task
   * @throws FaceError if the photograph cannot be read, shows no face, or shows several with the selection `single`
   */
  async analyse(bytes: Uint8Array, query: FaceQuery, checkpoint: Checkpoint = carryOn): Promise<FaceAnalysis> {
    const watch = new Stopwatch();
    const decoded = await this.#decode(bytes, query.detector, checkpoint);
    const decodeMs = watch.lap();
    const found = await this.finder.find(decoded, query, checkpoint);
    checkpoint();
    const detectMs = watch.lap();
    if (found === undefined) throw new FaceError('NO_FACE', 'shows no face');
    const tensor = this.cropper.crop(found.face, found.photograph);
    const face = { ...asSent(found.face, found), cropCorners: this.#corners(found.face, found) };
    const cropMs = watch.lap();
    const embedding = await this.embedder.embed(tensor);
    const timings = { decodeMs, detectMs, cropMs, embedMs: watch.lap() };
    return { ...describe(decoded, found), face, embedding, timings };
  }

  /** The corners of a face's crop, in pixels of the photograph as sent. */
  #corners(face: DetectedFace, { photograph, turned }: Searched): CropCorners {
    const { original, scaleToOriginal } = photograph;
    const asSent = ([x, y]: Point): Point =>
      turnPoint([x * scaleToOriginal, y * scaleToOriginal], original, opposite(turned));
    const [upperLeft, upperRight, lowerRight, lowerLeft] = this.cropper.corners(face, photograph);
    return [asSent(upperLeft), asSent(upperRight), asSent(lowerRight), asSent(lowerLeft)];
  }

  async #findAll(
    bytes: Uint8Array,
    query: AllFacesQuery,
    checkpoint: Checkpoint,
  ): Promise<SearchedPhotograph & { readonly found: FoundFaces; readonly timings: DetectionTimings }> {
    const watch = new Stopwatch();
    const decoded = await this.#decode(bytes, query.detector, checkpoint);
    const decodeMs = watch.lap();
    const found = await this.finder.findAll(decoded, query, checkpoint);
    return { ...describe(decoded, found), found, timings: { decodeMs, detectMs: watch.lap() } };
  }

  async #decode(bytes: Uint8Array, detector: DetectorName, checkpoint: Checkpoint): Promise<Photograph> {
    checkpoint();
    const scale = decodingScale(this.detectors.get(detector), this.decoding);
    const decoded = await decodePhotograph(bytes, scale, this.maxPixels);
    checkpoint();
    return decoded;
  }
}

type Searched = Omit<FoundFaces, 'faces'>;

const describe = ({ original: image }: Photograph, { turned, facesFound }: Searched): SearchedPhotograph => ({
  image,
  turned,
  facesFound,
});

/** A face in pixels of the photograph as sent, with its quality. */
function asSent(face: DetectedFace, { photograph, turned, countedFaces }: Searched): AssessedFace {
  const { original, scaleToOriginal } = photograph;
  const scaled = scaleFace(face, scaleToOriginal);
  const sent = turnFace({ ...scaled, box: clipBox(scaled.box, original) }, original, opposite(turned));
  const hasOthers = countedFaces.some((other) => other !== face);
  return { ...sent, ...assessFace(face, photograph, hasOthers) };
}
