import { Inject, Injectable } from '@nestjs/common';
import { type AssessedFace, compareEmbeddings } from '#face';
import { InferenceError } from '#inference';
import type { Settings } from '../../config/settings.js';
import { SETTINGS } from '../../config/settings.module.js';
import { type ImageName, ServiceError } from '../../errors/service-error.js';
import { lowQuality } from '../../faces/low-quality.js';
import { orThrow, outcomeOf } from '../../faces/photograph-outcome.js';
import type { RequestLife } from '../../http/request-life.js';
import { INFERENCE } from '../../inference/inference.module.js';
import type { InferenceRuntime } from '../../inference/inference-runtime.js';
import type { Verdict } from '../../inference/score-meaning.js';
import { Metrics } from '../../metrics/metrics.js';
import type { QueuedAnalysis } from '../compare-photographs.js';
import type { Candidate } from './candidate.js';
import { type CandidateProblem, ownProblem, toProblem } from './candidate-problem.js';
import type { ManyRequest } from './many-request.pipe.js';
import { TimeLeft } from './time-left.js';

/** A candidate that was compared. */
export interface ComparedCandidate {
  readonly index: number;
  /** Cosine, −1 to 1. */
  readonly similarity: number;
  readonly verdict: Verdict;
  /** Missing if an embedding was sent. */
  readonly face?: AssessedFace;
}

/** A candidate that was not. */
export interface FailedCandidate {
  readonly index: number;
  readonly problem: CandidateProblem;
}

/** The verdicts on many candidates. */
export interface ManyComparison {
  readonly reference: QueuedAnalysis;
  /** The most similar first. */
  readonly compared: readonly ComparedCandidate[];
  /** In the order sent. */
  readonly failed: readonly FailedCandidate[];
}

/** What is known of a candidate before the reference is. */
type Prepared = { readonly embedding: Float32Array; readonly face?: AssessedFace } | CandidateProblem;

/** Analyses a reference and its candidates, and compares each with it. */
@Injectable()
export class ManyService {
  constructor(
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Candidates that are not done when little time is left have the problem NOT_DONE.
   *
   * @param life cancels the comparison
   * @throws ServiceError if the reference is at fault, or InferenceError if it is not done in time
   */
  async compare(request: ManyRequest, life: RequestLife): Promise<ManyComparison> {
    const time = new TimeLeft(life, this.settings.requestTimeoutMs);
    try {
      const analysed = this.#analyse(request.reference, 'reference', request, time.signal);
      const prepared = request.candidates.map((candidate) => this.#prepare(candidate, request, life, time.signal));
      const reference = orThrow(await analysed);
      return this.#verdicts(reference, await Promise.all(prepared), request);
    } finally {
      time.stop();
    }
  }

  #verdicts(
    reference: QueuedAnalysis,
    prepared: readonly Prepared[],
    { threshold, query }: ManyRequest,
  ): ManyComparison {
    const compared: ComparedCandidate[] = [];
    const failed: FailedCandidate[] = [];
    for (const [index, candidate] of prepared.entries()) {
      if ('code' in candidate) {
        failed.push({ index, problem: candidate });
        continue;
      }
      const { embedding, face } = candidate;
      const similarity = compareEmbeddings(reference.embedding, embedding).cosine;
      const verdict = this.inference.scores.verdict(query.detector, similarity, threshold);
      this.metrics.countVerdict(query.detector, verdict.match, similarity);
      compared.push({ index, similarity, verdict, ...(face !== undefined && { face }) });
    }
    return { reference, compared: compared.sort((a, b) => b.similarity - a.similarity), failed };
  }

  /** Never rejects: one candidate's problem must not spoil the others. */
  async #prepare(
    candidate: Candidate,
    request: ManyRequest,
    life: RequestLife,
    signal: AbortSignal,
  ): Promise<Prepared> {
    switch (candidate.kind) {
      case 'embedding':
        return candidate;
      case 'problem':
        return candidate.problem;
      case 'photograph':
        try {
          return orThrow(await this.#analyse(candidate.bytes, 'candidate', request, signal));
        } catch (error) {
          return isGivenUp(error) ? NOT_DONE : toProblem(life.toError(error));
        }
    }
  }

  async #analyse(
    bytes: Uint8Array,
    image: ImageName,
    { query, rejectOn }: ManyRequest,
    signal: AbortSignal,
  ): Promise<QueuedAnalysis | ServiceError> {
    const [outcome] = await this.inference.pool.run([bytes], { kind: 'analyse', query }, signal);
    const analysis = outcomeOf(outcome, image);
    if (analysis instanceof ServiceError) return analysis;
    this.metrics.countAnalysis(query.detector, analysis);
    return lowQuality(analysis.face, rejectOn, image) ?? analysis;
  }
}

const NOT_DONE = ownProblem('NOT_DONE', 'The candidate was not done in time.');

const isGivenUp = (error: unknown): boolean =>
  error instanceof InferenceError && (error.code === 'DEADLINE_EXCEEDED' || error.code === 'CANCELLED');
