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
import { DeepFaceErrorDto, toDeepFaceError } from './deepface-error.js';
import { DeepFaceOptionsDto } from './deepface-options.dto.js';
import { type DeepFaceRequest, DeepFaceRequestPipe } from './deepface-request.pipe.js';
import { toDeepFaceVerification } from './deepface-response.js';
import { DeepFaceVerificationDto } from './deepface-response.dto.js';

/** The verification of deepface's API, for its clients. */
@ApiTags('deepface')
@Controller()
export class DeepFaceController {
  constructor(
    private readonly comparisons: ComparisonService,
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
  ) {}

  @Post('verify')
  @HttpCode(200)
  @TakesPhotographs({
    photographs: ['img1', 'img2'],
    options: DeepFaceOptionsDto,
    ...ONE_WITH_ALL,
    foreign: { takesQuery: false, errorFormat: toDeepFaceError, error: DeepFaceErrorDto },
  })
  @ApiPhotographOperation({
    summary: 'Compare the face in a photograph with the faces in another, as deepface does',
    options: DeepFaceOptionsDto,
    answer: DeepFaceVerificationDto,
    description: 'The verdict on the most similar face.',
    timing: 'decode1;dur=8.7, detect1;dur=14.1, total;dur=57.4',
  })
  async verifyAsDeepFace(
    @Body(DeepFaceRequestPipe) { comparison, detector, threshold }: DeepFaceRequest,
    @Life() life: RequestLife,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DeepFaceVerificationDto> {
    const compared = await this.comparisons.compare(comparison, detector, life.signal);
    const totalMs = reportStages(stageTimes(compared), life, response);
    const model = this.inference.models.embedder.weights;
    return toDeepFaceVerification(compared, { detector, model, threshold }, totalMs);
  }
}
