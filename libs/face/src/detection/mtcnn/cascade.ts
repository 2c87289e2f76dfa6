import { nonMaximumSuppression } from '../../geometry/nms.js';
import type { IntegralImage } from '../../image/integral-image.js';
import type { DetectedFace } from '../face-detector.js';
import { applyOffsets, type Candidate, toSquare } from './candidate.js';
import type { ONet, OutputFace } from './o-net.js';
import { type Proposal, regressProposal } from './p-net.js';
import type { Refinement, RNet } from './r-net.js';

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
  ) {}

  /** Which of the proposals are faces. */
  async decide(proposals: readonly Proposal[]): Promise<DetectedFace[]> {
    const proposed = nonMaximumSuppression(proposals, MAX_OVERLAP);
    await lookAtNew(proposed, this.#refinements, (fresh) =>
      this.rNet.refine(this.image, fresh.map(regressProposal).map(toSquare)),
    );
    const refined = nonMaximumSuppression(found(proposed, this.#refinements), MAX_OVERLAP);
    await lookAtNew(refined, this.#faces, (fresh) =>
      this.oNet.decide(
        this.image,
        fresh.map((box) => toSquare(applyOffsets(box, box.offsets))),
      ),
    );
    const faces = nonMaximumSuppression(found(refined, this.#faces), MAX_OVERLAP, 'smaller');
    return faces.map(({ score, landmarks, ...box }) => ({ box, confidence: score, landmarks, foundBy: 'mtcnn' }));
  }
}

/** Has a network look at those boxes that it has not seen yet, all at once. */
async function lookAtNew<T extends Candidate, R>(
  boxes: readonly T[],
  known: Map<T, R | undefined>,
  look: (fresh: readonly T[]) => Promise<(R | undefined)[]>,
): Promise<void> {
  const fresh = boxes.filter((box) => !known.has(box));
  if (fresh.length === 0) return;
  const results = await look(fresh);
  fresh.forEach((box, i) => known.set(box, results[i]));
}

function found<T, R>(boxes: readonly T[], known: ReadonlyMap<T, R | undefined>): R[] {
  return boxes.flatMap((box) => known.get(box) ?? []);
}
