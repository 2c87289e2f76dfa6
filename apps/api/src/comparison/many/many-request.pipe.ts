import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import type { FaceQuery, FaceWarning } from '#face';
import type { Settings } from '../../config/settings.js';
import { SETTINGS } from '../../config/settings.module.js';
import { chosenDetector } from '../../faces/detector-field.js';
import type { RequestInput } from '../../http/body/request-input.js';
import { validatedInput } from '../../http/body/validated-input.js';
import { INFERENCE } from '../../inference/inference.module.js';
import type { InferenceRuntime } from '../../inference/inference-runtime.js';
import { type Candidate, readCandidate } from './candidate.js';
import { matchOptions } from '../match-options.js';
import { ManyOptionsDto } from './dto/many-options.dto.js';

/** The validated input of a comparison with many candidates. */
export interface ManyRequest {
  /** The file as sent. */
  readonly reference: Uint8Array;
  /** In the order sent. */
  readonly candidates: readonly Candidate[];
  readonly query: FaceQuery;
  /** Minimum similarity for a match. */
  readonly threshold: number;
  /** Faces with one of these warnings are refused. */
  readonly rejectOn: readonly FaceWarning[];
}

/** Validates the body of a comparison with many candidates. */
@Injectable()
export class ManyRequestPipe implements PipeTransform<RequestInput, Promise<ManyRequest>> {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
  ) {}

  async transform(body: RequestInput): Promise<ManyRequest> {
    const { photographs, items, options } = await validatedInput(body, ManyOptionsDto);
    const detector = chosenDetector(options.detector, this.settings.detectors);
    const { embedder, models } = this.inference.models;
    const expected = { sha256: embedder.sha256, length: models.embedder.length };
    const candidates = items.map((item, i) => readCandidate(item, i, expected));
    const { wanted, minConfidence, selection, rejectOn } = matchOptions(options, this.settings);
    return {
      reference: photographs[0],
      candidates,
      query: { detector, minConfidence, selection },
      threshold: this.inference.scores.threshold(detector, wanted),
      rejectOn,
    };
  }
}
