import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import type { DetectorName } from '#face';
import type { ComparisonRequest } from '../../comparison/comparison-request.pipe.js';
import type { Settings } from '../../config/settings.js';
import { SETTINGS } from '../../config/settings.module.js';
import { chosenDetector } from '../../faces/detector-field.js';
import { MOST_FACES } from '../../faces/max-faces.js';
import type { RequestInput } from '../../http/body/request-input.js';
import { validatedInput } from '../../http/body/validated-input.js';
import { CompreFaceOptionsDto, type FacePlugin } from './compreface-options.dto.js';

/** The validated input of a verification. */
export interface CompreFaceRequest {
  readonly comparison: ComparisonRequest;
  readonly detector: DetectorName;
  readonly plugins: readonly FacePlugin[];
  /** Whether the answer says what computed it and how long that took. */
  readonly status: boolean;
}

/** Validates a verification. */
@Injectable()
export class CompreFaceRequestPipe implements PipeTransform<RequestInput, Promise<CompreFaceRequest>> {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async transform(body: RequestInput): Promise<CompreFaceRequest> {
    const { photographs, options } = await validatedInput(body, CompreFaceOptionsDto);
    const { limit = 0, det_prob_threshold, face_plugins: plugins = [], status = false } = options;
    const { detectors, minConfidence } = this.settings;
    return {
      comparison: {
        photographs,
        options: {
          wanted: {},
          minConfidence: det_prob_threshold ?? minConfidence,
          // The limit is for both photographs: with 1, there is no second face that could be an error.
          selection: limit === 1 ? 'largest' : 'single',
          rejectOn: [],
          faces: 'all',
          maxFaces: limit === 0 ? MOST_FACES : Math.min(limit, MOST_FACES),
        },
      },
      detector: chosenDetector(undefined, detectors),
      plugins,
      status,
    };
  }
}
