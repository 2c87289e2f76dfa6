import { Inject, Injectable } from '@nestjs/common';
import { compareEmbeddings, type DetectorName, type FaceAnalysis, isMatch, type Similarity } from '#face';
import type { PhotographFailure, TaskResult } from '#inference';
import { type ImageNumber, photographError, ServiceError } from '../errors/service-error.js';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { Metrics } from '../metrics/metrics.js';
import type { ComparisonRequest } from './comparison-request.pipe.js';

/** An analysed photograph and how long it waited for a worker. */
export interface QueuedAnalysis extends FaceAnalysis {
  readonly queueMs: number;
}

/** A verdict and the analyses behind it. */
export interface Comparison {
  readonly analyses: readonly [QueuedAnalysis, QueuedAnalysis];
  readonly similarity: Similarity;
  readonly threshold: number;
  readonly match: boolean;
  readonly similarityMs: number;
}

/** Analyses two photographs and compares the results. */
@Injectable()
export class ComparisonService {
  constructor(
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @param signal cancels the comparison
   * @throws ServiceError naming the photographs at fault, or InferenceError
   */
  async compare(
    { photographs, options }: ComparisonRequest,
    detector: DetectorName,
    signal: AbortSignal,
  ): Promise<Comparison> {
    const { threshold, ...wanted } = options;
    const task = { kind: 'analyse', query: { detector, ...wanted } } as const;
    const analyses = bothAnalysed(await this.inference.pool.run(photographs, task, signal));
    for (const analysis of analyses) this.metrics.countAnalysis(detector, analysis);
    const started = performance.now();
    const similarity = compareEmbeddings(analyses[0].embedding, analyses[1].embedding);
    const similarityMs = performance.now() - started;
    const match = isMatch(similarity.cosine, threshold);
    this.metrics.countVerdict(detector, match);
    return { analyses, similarity, threshold, match, similarityMs };
  }
}

/** @throws ServiceError describing each photograph that could not be analysed */
function bothAnalysed([first, second]: readonly TaskResult<'analyse'>[]): readonly [QueuedAnalysis, QueuedAnalysis] {
  if (first.status === 'done' && second.status === 'done') {
    return [
      { ...first.result, queueMs: first.queueMs },
      { ...second.result, queueMs: second.queueMs },
    ];
  }
  const errors = [first, second].flatMap((one, i) =>
    one.status === 'rejected' ? [rejected(one.failure, i === 0 ? 1 : 2)] : [],
  );
  throw photographError(errors[0], errors.at(1));
}

function rejected({ code, reason }: PhotographFailure, image: ImageNumber): ServiceError {
  const detail = code === 'NO_FACE' ? `No face detected in image ${image}.` : `Image ${image} ${reason}.`;
  return new ServiceError(code, detail, image);
}
