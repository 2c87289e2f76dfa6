import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import type { FaceSelection } from '#face';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import type { RequestInput } from '../http/body/request-input.js';
import { validatedInput } from '../http/body/validated-input.js';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { ComparisonOptionsDto } from './dto/comparison-options.dto.js';

/** What a comparison needs. */
export interface ComparisonRequest {
  /** The two files as sent. */
  readonly photographs: readonly Uint8Array[];
  readonly options: ComparisonOptions;
}

/** How a comparison is made. */
export interface ComparisonOptions {
  /** Similarity from which the faces match. */
  readonly threshold: number;
  /** The least confidence of a face that counts, 0 to 1. */
  readonly minConfidence: number;
  readonly selection: FaceSelection;
}

/** Checks the body of a comparison; the service's own settings count for what it leaves out. */
@Injectable()
export class ComparisonRequestPipe implements PipeTransform<RequestInput, Promise<ComparisonRequest>> {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
  ) {}

  async transform(body: RequestInput): Promise<ComparisonRequest> {
    const { photographs, options } = await validatedInput(body, ComparisonOptionsDto);
    return {
      photographs,
      options: {
        threshold: options.threshold ?? this.inference.threshold,
        minConfidence: options.min_confidence ?? this.settings.minConfidence,
        selection: options.face_selection ?? this.settings.faceSelection,
      },
    };
  }
}
