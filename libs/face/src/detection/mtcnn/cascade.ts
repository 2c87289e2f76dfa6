import type { Checkpoint } from '../../checkpoint.js';
import { nonMaximumSuppression } from '../../geometry/nms.js';
import type { IntegralImage } from '../../image/integral-image.js';
import type { DetectedFace } from '../face-detector.js';
import { applyOffsets, type Candidate, toSquare } from './candidate.js';
import type { ONet, OutputFace } from './o-net.js';
import { type Proposal, regressProposal } from './p-net.js';
import type { Refinement, RNet } from './r-net.js';
import { mostPromising, type SearchLimits, type StepLimits } from './search-limits.js';

/** Boxes may overlap by this much after each stage. */
const MAX_OVERLAP = 0.7;

/**
 * The later stages of MTCNN on one photograph. Asked again with more proposals, it looks only at what it has not seen:
 * what a network says of a patch does not depend on the other patches.
 */
export class Cascade {
  readonly #refinements = new Map<Proposal, Refinement | undefined>();
  readonly #faces = new Map<Refinement, OutputFace | undefined>();

  constructor(
    private readonly image: IntegralImage,
    private readonly rNet: RNet,
    private readonly oNet: ONet,
    private readonly limits: SearchLimits,
    private readonly checkpoint: Checkpoint,
  ) {}

  /**
   * Which of the proposals are faces.
   *
   * @param step bounds what it looks at this time
   */
  async decide(proposals: readonly Proposal[], step: StepLimits): Promise<DetectedFace[]> {
    const { image, rNet, limits, checkpoint } = this;
    const proposed = nonMaximumSuppression(proposals, MAX_OVERLAP);
    await evaluateUnseen(
      proposed,
      this.#refinements,
      Math.min(step.refined, limits.refined - this.#refinements.size),
      (unseen) => rNet.refine(image, unseen.map(regressProposal).map(toSquare), checkpoint),
    );
    const refined = nonMaximumSuppression(found(proposed, this.#refinements), MAX_OVERLAP);
    const faces = await this.#decideRefined(refined, Math.min(step.decided, limits.decided - this.#faces.size));
    return faces.map(({ score, landmarks, ...box }) => ({ box, confidence: score, landmarks, foundBy: 'mtcnn' }));
  }

  /** @param limit the most boxes to look at */
  async #decideRefined(refined: readonly Refinement[], limit: number): Promise<OutputFace[]> {
    const { image, oNet, limits, checkpoint } = this;
    for (let left = limit; ;) {
      const part = Math.min(left, limits.part);
      const before = this.#faces.size;
      await evaluateUnseen(refined, this.#faces, part, (unseen) =>
        oNet.decide(
          image,
          unseen.map((box) => toSquare(applyOffsets(box, box.offsets))),
          checkpoint,
        ),
      );
      const faces = nonMaximumSuppression(found(refined, this.#faces), MAX_OVERLAP, 'smaller');
      const evaluated = this.#faces.size - before;
      left -= evaluated;
      if (evaluated < part || left <= 0 || faces.length > limits.crowd) return faces;
    }
  }
}

/**
 * Has a network look at those boxes that it has not seen yet: the most promising, where there are too many.
 *
 * @param limit the most boxes to look at
 */
async function evaluateUnseen<T extends Candidate, R>(
  boxes: readonly T[],
  known: Map<T, R | undefined>,
  limit: number,
  look: (unseen: readonly T[]) => Promise<(R | undefined)[]>,
): Promise<void> {
  const unseen = mostPromising(
    boxes.filter((box) => !known.has(box)),
    limit,
  );
  if (unseen.length === 0) return;
  const results = await look(unseen);
  unseen.forEach((box, i) => known.set(box, results[i]));
}

function found<T, R>(boxes: readonly T[], known: ReadonlyMap<T, R | undefined>): R[] {
  return boxes.flatMap((box) => known.get(box) ?? []);
}
