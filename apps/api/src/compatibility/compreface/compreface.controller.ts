import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { stageTimes } from '../../comparison/compare-response.js';
import { ComparisonService } from '../../comparison/comparison.service.js';
import { ApiPhotographOperation } from '../../faces/api-photograph-operation.js';
import { reportStages } from '../../faces/timed-response.js';
import { Life, RequestLife } from '../../http/request-life.js';
import { TakesPhotographs } from '../../http/routes.js';
import { INFERENCE } from '../../inference/inference.module.js';
import type { InferenceRuntime } from '../../inference/inference-runtime.js';
import { ONE_WITH_ALL } from '../one-with-all.js';
import { CompreFaceErrorDto, toCompreFaceError } from './compreface-error.js';
import { CompreFaceOptionsDto } from './compreface-options.dto.js';
import { type CompreFaceRequest, CompreFaceRequestPipe } from './compreface-request.pipe.js';
import { toCompreFaceVerification } from './compreface-response.js';
import { CompreFaceVerificationDto } from './compreface-response.dto.js';

/** The verification of CompreFace, for its clients. */
@ApiTags('CompreFace')
@Controller()
export class CompreFaceController {
  constructor(
    private readonly comparisons: ComparisonService,
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
  ) {}

  @Post('api/v1/verification/verify')
  @HttpCode(200)
  @TakesPhotographs({
    photographs: ['source_image', 'target_image'],
    options: CompreFaceOptionsDto,
    ...ONE_WITH_ALL,
    foreign: { takesQuery: true, errorFormat: toCompreFaceError, error: CompreFaceErrorDto },
  })
  @ApiPhotographOperation({
    summary: 'Compare the face in a photograph with every face in another, as CompreFace does',
    options: CompreFaceOptionsDto,
    answer: CompreFaceVerificationDto,
    description: 'The similarities.',
    timing: 'decode1;dur=8.7, detect1;dur=14.1, total;dur=57.4',
  })
  async verifyAsCompreFace(
    @Body(CompreFaceRequestPipe) request: CompreFaceRequest,
    @Life() life: RequestLife,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CompreFaceVerificationDto> {
    const comparison = await this.comparisons.compare(request.comparison, request.detector, life.signal);
    reportStages(stageTimes(comparison), life, response);
    return toCompreFaceVerification(request, comparison, this.inference.models.embedder.weights);
  }
}
