import type { Checkpoint } from '../../checkpoint.js';
import { nonMaximumSuppression } from '../../geometry/nms.js';
import type { IntegralImage } from '../../image/integral-image.js';
import type { DetectedFace } from '../face-detector.js';
import { applyOffsets, type Candidate, toSquare } from './candidate.js';
import type { ONet, OutputFace } from './o-net.js';
import { type Proposal, regressProposal } from './p-net.js';
import type { Refinement, RNet } from './r-net.js';
import { mostPromising, type SearchLimits, type StepLimits } from './search-limits.js';

/** Overlap threshold of the non-maximum suppression after each stage. */
const MAX_OVERLAP = 0.7;

/**
 * The later stages of MTCNN on one photograph. When called again with more proposals, it evaluates only new ones: a
 * network's output for a patch does not depend on the other patches.
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
   * Returns the proposals that are faces.
   *
   * @param step limits for this call
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

  /** @param limit maximum number of boxes to evaluate */
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
 * Runs a network on the boxes it has not evaluated yet, or on the most promising if there are too many.
 *
 * @param limit maximum number of boxes to evaluate
 */
async function evaluateUnseen<T extends Candidate, R>(
  boxes: readonly T[],
  known: Map<T, R | undefined>,
  limit: number,
  evaluate: (unseen: readonly T[]) => Promise<(R | undefined)[]>,
): Promise<void> {
  const unseen = mostPromising(
    boxes.filter((box) => !known.has(box)),
    limit,
  );
  if (unseen.length === 0) return;
  const results = await evaluate(unseen);
  unseen.forEach((box, i) => known.set(box, results[i]));
}

function found<T, R>(boxes: readonly T[], known: ReadonlyMap<T, R | undefined>): R[] {
  return boxes.flatMap((box) => known.get(box) ?? []);
}
