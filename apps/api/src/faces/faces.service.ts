import { Inject, Injectable } from '@nestjs/common';
import type { FaceDetection, FaceEmbeddings } from '#face';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { Metrics } from '../metrics/metrics.js';
import type { DetectionRequest, EmbeddingRequest } from './faces-request.pipe.js';
import { acceptableFaces } from './low-quality.js';
import { asEmbeddings, orThrow, outcomeOf } from './photograph-outcome.js';
import type { Queued } from './stages.js';

/** Finds the faces in one photograph, and embeds them. */
@Injectable()
export class FacesService {
  constructor(
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @param signal cancels the detection
   * @throws ServiceError if the photograph cannot be read, or InferenceError
   */
  async detect({ photograph, query }: DetectionRequest, signal: AbortSignal): Promise<Queued<FaceDetection>> {
    const [outcome] = await this.inference.pool.run([photograph], { kind: 'detect', query }, signal);
    const detection = orThrow(outcomeOf(outcome, 'image'));
    this.metrics.countAnalysis(query.detector, detection);
    return detection;
  }

  /**
   * Embeds the acceptable faces.
   *
   * @param signal cancels it
   * @throws ServiceError if the photograph cannot be read, or no face in it is acceptable; or InferenceError
   */
  async embed(request: EmbeddingRequest, signal: AbortSignal): Promise<Queued<FaceEmbeddings>> {
    const { query, faces, rejectOn } = request;
    const embeddings = faces === 'all' ? await this.#embedAll(request, signal) : await this.#embedOne(request, signal);
    this.metrics.countAnalysis(query.detector, embeddings);
    return { ...embeddings, faces: orThrow(acceptableFaces(embeddings.faces, rejectOn, 'image')) };
  }

  async #embedAll({ photograph, query }: EmbeddingRequest, signal: AbortSignal): Promise<Queued<FaceEmbeddings>> {
    const [outcome] = await this.inference.pool.run([photograph], { kind: 'embed', query }, signal);
    return orThrow(outcomeOf(outcome, 'image'));
  }

  async #embedOne({ photograph, query }: EmbeddingRequest, signal: AbortSignal): Promise<Queued<FaceEmbeddings>> {
    const { detector, minConfidence } = query;
    const task = { kind: 'analyse', query: { detector, minConfidence, selection: 'largest' } } as const;
    const [outcome] = await this.inference.pool.run([photograph], task, signal);
    return asEmbeddings(orThrow(outcomeOf(outcome, 'image')));
  }
}
