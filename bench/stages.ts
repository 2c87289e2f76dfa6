import { readSettings } from '../apps/api/src/config/settings.js';
import { acceptablePrecisions, cropRuleFor } from '../apps/api/src/inference/inference-runtime.js';
import { faceCropper } from '../libs/face/src/cropping/croppers.js';
import type { DetectorName } from '../libs/face/src/detection/detectors.js';
import { decodingScale } from '../libs/face/src/detection/face-detector.js';
import { FaceFinder } from '../libs/face/src/detection/face-finder.js';
import { FaceOrientation } from '../libs/face/src/detection/face-orientation.js';
import { LoadedDetectors } from '../libs/face/src/detection/load-detectors.js';
import { ONet } from '../libs/face/src/detection/mtcnn/o-net.js';
import { OnnxEmbedder } from '../libs/face/src/embedding/onnx-embedder.js';
import { decodePhotograph } from '../libs/face/src/image/decode.js';
import { openModels } from '../libs/inference/src/model-store.js';
import { recordRuns } from './recorded-runs.js';
import { cpuPerRun, medianMs } from './statistics.js';

/** Cost of one pair of photographs on one thread, without the rest of the service. */
export interface PairCost {
  /** Median milliseconds of each stage, both photographs together. */
  readonly decodeMs: number;
  readonly detectMs: number;
  readonly cropMs: number;
  readonly embedMs: number;
  /**
   * CPU time of decoding and of the models' own runs, in milliseconds: the floor that surrounding code cannot reduce.
   */
  readonly floorCpuMs: number;
}

const RUNS = 30;
const WARM_UPS = 5;

/**
 * Loads what a pair of photographs needs, with the service's own settings and one thread.
 *
 * @returns a function that times every stage
 */
export async function prepareStages(
  photographs: readonly Buffer[],
  detectorName: DetectorName,
): Promise<() => Promise<PairCost>> {
  const settings = readSettings();
  const { modelsDir, embedderWeights: weights, cropMargins: margins, maxImagePixels } = settings;
  const selection = { detectors: [detectorName], weights, precisions: acceptablePrecisions(settings) };
  const { models, embedder: entry } = await openModels(modelsDir, selection);
  const runtime = { executionProvider: 'cpu', intraOpThreads: 1 } as const;
  const oNet = await ONet.load(models.oNet, runtime);
  const detectors = await LoadedDetectors.load([detectorName], models.detectors, { runtime, oNet });
  const finder = new FaceFinder(detectors, new FaceOrientation(oNet));
  const embedder = await OnnxEmbedder.load(models.embedder, runtime);
  const rule = cropRuleFor(settings, entry);
  const scale = decodingScale(detectors.get(detectorName), { rule, sharesThread: false });
  const cropper = faceCropper({ rule, margins }, embedder.input);

  const decode = () => Promise.all(photographs.map((bytes) => decodePhotograph(bytes, scale, maxImagePixels)));
  const decoded = await decode();
  const detect = async () => {
    const faces = [];
    for (const photograph of decoded) {
      const found = await finder.find(photograph, { detector: detectorName, selection: 'largest', minConfidence: 0 });
      if (found === undefined) throw new Error('expected a face in every photograph of the benchmark');
      faces.push(found.face);
    }
    return faces;
  };
  const faces = await detect();
  const crop = () => Promise.resolve(decoded.map((photograph, i) => cropper.crop(faces[i], photograph)));
  const tensors = await crop();
  const embed = async () => {
    for (const tensor of tensors) await embedder.embed(tensor);
  };
  const modelRuns = await recordRuns(async () => {
    await detect();
    await embed();
  });
  return async () => ({
    decodeMs: await medianMs(RUNS, WARM_UPS, decode),
    detectMs: await medianMs(RUNS, WARM_UPS, detect),
    cropMs: await medianMs(RUNS, WARM_UPS, crop),
    embedMs: await medianMs(RUNS, WARM_UPS, embed),
    floorCpuMs: (await cpuPerRun(RUNS, WARM_UPS, decode)) + (await cpuPerRun(RUNS, WARM_UPS, modelRuns)),
  });
}
