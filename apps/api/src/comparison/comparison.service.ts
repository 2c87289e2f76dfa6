import { Inject, Injectable } from '@nestjs/common';
import type { DetectorName } from '#face';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { Metrics } from '../metrics/metrics.js';
import { type Comparison, comparePhotographs } from './compare-photographs.js';
import type { ComparisonRequest } from './comparison-request.pipe.js';

/** Compares two photographs and counts what was found. */
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
  async compare(request: ComparisonRequest, detector: DetectorName, signal: AbortSignal): Promise<Comparison> {
    const comparison = await comparePhotographs(this.inference, request, detector, signal);
    const [first, second] = comparison.analyses;
    const faces = comparison.matches?.map(({ face }) => face) ?? [second.face];
    this.metrics.countAnalysis(detector, first);
    this.metrics.countAnalysis(detector, { ...second, faces });
    this.metrics.countVerdict(detector, comparison.verdict.match, comparison.similarity.cosine);
    return comparison;
  }
}
