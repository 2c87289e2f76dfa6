import {
  compareEmbeddings,
  type DetectorName,
  type EmbeddedFace,
  type FaceAnalysis,
  type FaceEmbeddings,
  type Similarity,
} from '#face';
import type { InferencePool } from '#inference';
import { ServiceError } from '../errors/service-error.js';
import { acceptableFaces, lowQuality } from '../faces/low-quality.js';
import { DEFAULT_MAX_FACES } from '../faces/max-faces.js';
import { asEmbeddings, bothOrThrow, outcomeOf } from '../faces/photograph-outcome.js';
import type { Queued } from '../faces/stages.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import type { Verdict } from '../inference/score-meaning.js';
import type { ComparisonOptions, ComparisonRequest } from './comparison-request.pipe.js';

/** An analysed photograph and how long it waited for a worker. */
export type QueuedAnalysis = Queued<FaceAnalysis>;

/** A face of the second photograph, compared with that of the first. */
export interface FaceMatch {
  readonly face: EmbeddedFace;
  readonly similarity: Similarity;
  readonly verdict: Verdict;
}

/** A verdict and the analyses behind it. */
export interface Comparison {
  /** The second is that of the best face. */
  readonly analyses: readonly [QueuedAnalysis, QueuedAnalysis];
  readonly similarity: Similarity;
  readonly threshold: number;
  readonly verdict: Verdict;
  /** Every face of the second photograph, the most similar first, if all were requested. */
  readonly matches?: readonly FaceMatch[];
  readonly similarityMs: number;
}

/**
 * Analyses two photographs and compares the results.
 *
 * @param signal cancels the comparison
 * @throws ServiceError naming the photographs at fault, or InferenceError
 */
export async function comparePhotographs(
  { pool, scores }: Pick<InferenceRuntime, 'pool' | 'scores'>,
  { photographs, options }: ComparisonRequest,
  detector: DetectorName,
  signal: AbortSignal,
): Promise<Comparison> {
  const threshold = scores.threshold(detector, options.wanted);
  const [first, second] = await analyse(pool, photographs, options, detector, signal);
  const started = performance.now();
  const matches = second.faces
    .map((face): FaceMatch => {
      const similarity = compareEmbeddings(first.embedding, face.embedding);
      return { face, similarity, verdict: scores.verdict(detector, similarity.cosine, threshold) };
    })
    .sort((a, b) => b.similarity.cosine - a.similarity.cosine);
  const similarityMs = performance.now() - started;
  const [best] = matches;
  return {
    analyses: [first, { ...second, face: best.face, embedding: best.face.embedding }],
    similarity: best.similarity,
    threshold,
    verdict: best.verdict,
    ...(options.faces === 'all' && { matches }),
    similarityMs,
  };
}

/** @throws ServiceError describing each photograph that cannot be compared */
async function analyse(
  pool: InferencePool,
  photographs: readonly Uint8Array[],
  options: ComparisonOptions,
  detector: DetectorName,
  signal: AbortSignal,
): Promise<readonly [QueuedAnalysis, Queued<FaceEmbeddings>]> {
  const { minConfidence, selection, faces, maxFaces = DEFAULT_MAX_FACES } = options;
  const task = { kind: 'analyse', query: { detector, minConfidence, selection } } as const;
  if (faces === 'selected') {
    const [one, other] = await pool.run(photographs, task, signal);
    const analysis = outcomeOf(other, 2);
    const second = analysis instanceof ServiceError ? analysis : asEmbeddings(analysis);
    return acceptable(outcomeOf(one, 1), second, options);
  }
  const all = { kind: 'embed', query: { detector, minConfidence, maxFaces } } as const;
  const [[one], [other]] = await Promise.all([
    pool.run([photographs[0]], task, signal),
    pool.run([photographs[1]], all, signal),
  ]);
  return acceptable(outcomeOf(one, 1), outcomeOf(other, 2), options);
}

/** @throws ServiceError describing each photograph that has none, or whose faces are not acceptable */
function acceptable(
  one: QueuedAnalysis | ServiceError,
  other: Queued<FaceEmbeddings> | ServiceError,
  { rejectOn }: ComparisonOptions,
): readonly [QueuedAnalysis, Queued<FaceEmbeddings>] {
  const first = one instanceof ServiceError ? one : (lowQuality(one.face, rejectOn, 1) ?? one);
  const second = other instanceof ServiceError ? other : acceptableSecond(other, rejectOn);
  return bothOrThrow(first, second);
}

function acceptableSecond(
  other: Queued<FaceEmbeddings>,
  rejectOn: ComparisonOptions['rejectOn'],
): Queued<FaceEmbeddings> | ServiceError {
  const faces = acceptableFaces(other.faces, rejectOn, 2);
  return faces instanceof ServiceError ? faces : { ...other, faces };
}
