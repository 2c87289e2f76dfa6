import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import type { DetectorName } from '#face';
import type { ComparisonRequest } from '../../comparison/comparison-request.pipe.js';
import type { Settings } from '../../config/settings.js';
import { SETTINGS } from '../../config/settings.module.js';
import { ServiceError } from '../../errors/service-error.js';
import { chosenDetector } from '../../faces/detector-field.js';
import type { RequestInput } from '../../http/body/request-input.js';
import { validatedInput } from '../../http/body/validated-input.js';
import { INFERENCE } from '../../inference/inference.module.js';
import type { InferenceRuntime } from '../../inference/inference-runtime.js';
import { DeepFaceOptionsDto } from './deepface-options.dto.js';

/** The validated input of a verification. */
export interface DeepFaceRequest {
  readonly comparison: ComparisonRequest;
  readonly detector: DetectorName;
  /** Maximum distance for a match, 0 to 2; the service's own if undefined. */
  readonly threshold?: number | undefined;
}

/** Validates a verification. */
@Injectable()
export class DeepFaceRequestPipe implements PipeTransform<RequestInput, Promise<DeepFaceRequest>> {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
  ) {}

  async transform(body: RequestInput): Promise<DeepFaceRequest> {
    const { photographs, options } = await validatedInput(body, DeepFaceOptionsDto);
    this.#checkModel(options);
    const { threshold } = options;
    const { detectors, minConfidence, faceSelection } = this.settings;
    return {
      comparison: {
        photographs,
        options: {
          wanted: { threshold: threshold === undefined ? undefined : 1 - threshold },
          minConfidence,
          selection: faceSelection,
          rejectOn: [],
          faces: 'all',
        },
      },
      detector: chosenDetector(options.detector_backend, detectors),
      threshold,
    };
  }

  /** @throws ServiceError INVALID_REQUEST if the answer would come from another model, or another crop, than asked for */
  #checkModel({ model_name: model, align }: DeepFaceOptionsDto): void {
    const { cropRule, models } = this.inference;
    const { weights } = models.embedder;
    if (model !== undefined && model !== weights) {
      throw new ServiceError('INVALID_REQUEST', `model_name must be ${weights}, or left out: there is no other model.`);
    }
    const isAligned = cropRule === 'square';
    if (align !== undefined && align !== isAligned) {
      throw new ServiceError('INVALID_REQUEST', `align must be ${isAligned}, or left out: CROP_RULE decides it.`);
    }
  }
}
