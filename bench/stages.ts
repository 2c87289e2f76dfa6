import { readSettings } from '../apps/api/src/config/settings.js';
import { acceptablePrecisions, cropRules } from '../apps/api/src/inference/inference-runtime.js';
import { BlazeFaceDetector } from '../libs/face/src/detection/blazeface/blazeface-detector.js';
import type { DetectorName } from '../libs/face/src/detection/face-detector.js';
import { FaceFinder } from '../libs/face/src/detection/face-finder.js';
import { FaceOrientation } from '../libs/face/src/detection/face-orientation.js';
import { MtcnnDetector } from '../libs/face/src/detection/mtcnn/mtcnn-detector.js';
import { faceTensor, InceptionResnetV1 } from '../libs/face/src/embedding/inception-resnet-v1.js';
import { faceCrop } from '../libs/face/src/image/crop.js';
import { decodePhotograph } from '../libs/face/src/image/decode.js';
import { workingPixel } from '../libs/face/src/image/working-size.js';
import { openModels } from '../libs/inference/src/model-store.js';
import { recordRuns } from './recorded-runs.js';
import { cpuPerRun, medianMs } from './statistics.js';

/** What one pair of photographs costs on one thread, without the service around it. */
export interface PairCost {
  /** Median milliseconds of each stage, both photographs together. */
  readonly decodeMs: number;
  readonly detectMs: number;
  readonly cropMs: number;
  readonly embedMs: number;
  /** Milliseconds of CPU for decoding and the models' own runs alone: what no code around them can save. */
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
  const { modelsDir, embedderWeights: weights, maxImagePixels } = settings;
  const { paths } = await openModels(modelsDir, { weights, precisions: acceptablePrecisions(settings) });
  const runtime = { executionProvider: 'cpu', intraOpThreads: 1 } as const;
  const mtcnn = await MtcnnDetector.load(paths.mtcnn, runtime);
  const detectors = { mtcnn, blazeface: await BlazeFaceDetector.load(paths.blazeface, runtime) };
  const finder = new FaceFinder(detectors, new FaceOrientation(mtcnn.oNet));
  const { scale } = detectors[detectorName];
  const embedder = await InceptionResnetV1.load(paths.embedder, runtime);
  const rule = cropRules(settings)[detectorName];

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
  const crop = () =>
    Promise.resolve(
      decoded.map((photograph, i) =>
        faceTensor(photograph, faceCrop(faces[i], photograph, rule, workingPixel(photograph))),
      ),
    );
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
