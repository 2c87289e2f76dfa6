import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import type { RequestInput } from '../http/body/request-input.js';
import { validatedInput } from '../http/body/validated-input.js';
import { ComparisonOptionsDto } from './dto/comparison-options.dto.js';
import { matchOptions, type MatchOptions } from './match-options.js';

/** The validated input of a comparison. */
export interface ComparisonRequest {
  /** The two files as sent. */
  readonly photographs: readonly Uint8Array[];
  readonly options: ComparisonOptions;
}

/** Options of a comparison. */
export interface ComparisonOptions extends MatchOptions {
  /** Which faces of the second photograph are compared. */
  readonly faces: 'selected' | 'all';
  /** Maximum number of them with `all`, the largest; 1 or more, 20 if left out. */
  readonly maxFaces?: number;
}

/** Validates the body of a comparison; omitted options default to the service's settings. */
@Injectable()
export class ComparisonRequestPipe implements PipeTransform<RequestInput, Promise<ComparisonRequest>> {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async transform(body: RequestInput): Promise<ComparisonRequest> {
    const { photographs, options } = await validatedInput(body, ComparisonOptionsDto);
    return {
      photographs,
      options: { ...matchOptions(options, this.settings), faces: options.faces ?? 'selected' },
    };
  }
}
