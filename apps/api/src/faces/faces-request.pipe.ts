import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import type { AllFacesQuery, FaceWarning } from '#face';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import type { RequestInput } from '../http/body/request-input.js';
import { validatedInput } from '../http/body/validated-input.js';
import { detectionQuery } from './detection-query.js';
import { DetectionOptionsDto } from './dto/detection-options.dto.js';
import { EmbeddingOptionsDto } from './dto/embedding-options.dto.js';

/** The validated input of a detection. */
export interface DetectionRequest {
  /** The file as sent. */
  readonly photograph: Uint8Array;
  readonly query: AllFacesQuery;
}

/** The validated input of a request for embeddings. */
export interface EmbeddingRequest extends DetectionRequest {
  readonly faces: 'largest' | 'all';
  readonly encoding: 'float' | 'base64';
  readonly rejectOn: readonly FaceWarning[];
}

/** Validates the body of a detection. */
@Injectable()
export class DetectionRequestPipe implements PipeTransform<RequestInput, Promise<DetectionRequest>> {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async transform(body: RequestInput): Promise<DetectionRequest> {
    const { photographs, options } = await validatedInput(body, DetectionOptionsDto);
    return { photograph: photographs[0], query: detectionQuery(options, this.settings) };
  }
}

/** Validates the body of a request for embeddings. */
@Injectable()
export class EmbeddingRequestPipe implements PipeTransform<RequestInput, Promise<EmbeddingRequest>> {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async transform(body: RequestInput): Promise<EmbeddingRequest> {
    const { photographs, options } = await validatedInput(body, EmbeddingOptionsDto);
    const { faces = 'largest', encoding = 'float', reject_on: rejectOn = [] } = options;
    return { photograph: photographs[0], query: detectionQuery(options, this.settings), faces, encoding, rejectOn };
  }
}
