import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import type { FaceSelection, FaceWarning } from '#face';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import type { RequestInput } from '../http/body/request-input.js';
import { validatedInput } from '../http/body/validated-input.js';
import type { WantedThreshold } from '../inference/score-meaning.js';
import { ComparisonOptionsDto } from './dto/comparison-options.dto.js';
import { wantedThreshold } from './wanted-threshold.js';

/** The validated input of a comparison. */
export interface ComparisonRequest {
  /** The two files as sent. */
  readonly photographs: readonly Uint8Array[];
  readonly options: ComparisonOptions;
}

/** Options of a comparison. */
export interface ComparisonOptions {
  readonly wanted: WantedThreshold;
  /** Minimum detection confidence of a face, 0 to 1. */
  readonly minConfidence: number;
  readonly selection: FaceSelection;
  /** Which faces of the second photograph are compared. */
  readonly faces: 'selected' | 'all';
  /** Faces with one of these warnings are refused. */
  readonly rejectOn: readonly FaceWarning[];
}

/** Validates the body of a comparison; omitted options default to the service's settings. */
@Injectable()
export class ComparisonRequestPipe implements PipeTransform<RequestInput, Promise<ComparisonRequest>> {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async transform(body: RequestInput): Promise<ComparisonRequest> {
    const { photographs, options } = await validatedInput(body, ComparisonOptionsDto);
    return {
      photographs,
      options: {
        wanted: wantedThreshold(options),
        minConfidence: options.min_confidence ?? this.settings.minConfidence,
        selection: options.face_selection ?? this.settings.faceSelection,
        faces: options.faces ?? 'selected',
        rejectOn: options.reject_on ?? [],
      },
    };
  }
}
