import { carryOn, type Checkpoint } from '../../checkpoint.js';
import { boxArea } from '../../geometry/box.js';
import { IntegralImage } from '../../image/integral-image.js';
import type { Photograph } from '../../image/photograph.js';
import { workingPixel, type WorkingScale } from '../../image/working-size.js';
import type { RuntimeOptions } from '../../runtime/onnx-model.js';
import type { DetectedFace, FaceDetector, FaceSearch, SearchExtent } from '../face-detector.js';
import { longerSide } from './candidate.js';
import { Cascade } from './cascade.js';
import type { ONet } from './o-net.js';
import { PNet, type Proposal } from './p-net.js';
import { imagePyramid } from './pyramid.js';
import { RNet } from './r-net.js';
import { BOUNDED, EVERY_FACE, EXHAUSTIVE, type SearchLimits } from './search-limits.js';

/** Side of the smallest face to find, in pixels of the working size. */
const MIN_FACE = 20;

/**
 * Finer levels are skipped once a face is known that is this many times larger than the faces they show. In 44 of 44
 * photographs the largest face was then exactly the same as with all levels; with 2, one box differed slightly
 * (IoU 0.96).
 */
const LARGER_THAN_NEXT = 3;

/** The same in a crowd, where a face with nine tenths of the largest one's side is good enough. */
const LARGER_THAN_NEXT_IN_CROWD = 0.8;

export interface MtcnnModelPaths {
  readonly pNet: string;
  readonly rNet: string;
}

export interface MtcnnOptions {
  /** Evaluate every window of every pyramid level, as the reference does. */
  readonly exhaustive?: boolean;
}

/**
 * MTCNN (Zhang et al. 2016, arXiv:1604.02878) with the thresholds of facenet-pytorch 2.6.0, from coarse to fine: three
 * networks in a cascade, P-net over an image pyramid.
 */
export class MtcnnDetector implements FaceDetector, FaceSearch {
  /**
   * Up to one and a half times the working size, scaling a photograph takes longer than it saves (and d′ stays within
   * 1 %, docs/decisions/0013-quick-jpeg.md).
   */
  readonly scale: WorkingScale = { noResizeUpTo: 1.5, kernel: 'lanczos3', quickJpegs: true };

  /**
   * The cascade is chaotic: which of several near-equal proposals survives, and therefore the final box, depends on
   * differences in the third decimal. Only pixels scaled as in the reference reproduce its boxes.
   */
  readonly referenceScale: WorkingScale = { noResizeUpTo: 1, kernel: 'lanczos3', quickJpegs: false };

  readonly searches = [this];

  private constructor(
    private readonly pNet: PNet,
    private readonly rNet: RNet,
    private readonly oNet: ONet,
    private readonly exhaustive: boolean,
  ) {}

  /** @param oNet the last network of the cascade */
  static async load(
    paths: MtcnnModelPaths,
    oNet: ONet,
    runtime: RuntimeOptions,
    { exhaustive = false }: MtcnnOptions = {},
  ): Promise<MtcnnDetector> {
    const pNet = await PNet.load(paths.pNet, runtime);
    const rNet = await RNet.load(paths.rNet, runtime);
    return new MtcnnDetector(pNet, rNet, oNet, exhaustive);
  }

  async detect(
    photograph: Photograph,
    checkpoint: Checkpoint = carryOn,
    extent: SearchExtent = 'largest',
  ): Promise<DetectedFace[]> {
    const image = new IntegralImage(photograph);
    try {
      const everyLevel = this.exhaustive || extent === 'all';
      return await this.#detectIn(image, everyLevel, this.#limits(extent), checkpoint);
    } finally {
      image.release();
    }
  }

  #limits(extent: SearchExtent): SearchLimits {
    if (this.exhaustive) return EXHAUSTIVE;
    return extent === 'all' ? EVERY_FACE : BOUNDED;
  }

  async #detectIn(
    image: IntegralImage,
    everyLevel: boolean,
    limits: SearchLimits,
    checkpoint: Checkpoint,
  ): Promise<DetectedFace[]> {
    const cascade = new Cascade(image, this.rNet, this.oNet, limits, checkpoint);
    const proposals: Proposal[] = [];
    let undecided = 0;
    let step = limits.perStep;
    const levels = imagePyramid(image, MIN_FACE * workingPixel(image));
    for (const [i, level] of levels.entries()) {
      checkpoint();
      const proposed = await this.pNet.propose(image, level, limits);
      proposals.push(...proposed);
      undecided += proposed.length;
      const next = levels.at(i + 1);
      if (next === undefined || everyLevel) continue;
      const decisive = LARGER_THAN_NEXT * next.faceSide;
      if (undecided < limits.waiting && !proposals.some((proposal) => longerSide(proposal) >= decisive)) continue;
      const faces = await cascade.decide(proposals, step);
      undecided = 0;
      const isCrowd = faces.length > limits.crowd;
      if (isCrowd) step = limits.perStepInCrowd;
      const enough = isCrowd ? LARGER_THAN_NEXT_IN_CROWD * next.faceSide : decisive;
      if (faces.some((face) => boxArea(face.box) >= enough ** 2)) return faces;
    }
    return cascade.decide(proposals, step);
  }
}
