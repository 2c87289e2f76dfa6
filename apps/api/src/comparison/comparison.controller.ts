import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { DetectorName } from '#face';
import { SLOTS } from '#inference';
import { ApiPhotographOperation } from '../faces/api-photograph-operation.js';
import { reportStages } from '../faces/timed-response.js';
import { Life, RequestLife } from '../http/request-life.js';
import { type PhotographRoute, TakesPhotographs } from '../http/routes.js';
import { stageTimes, toCompareResponse } from './compare-response.js';
import { COMPARISON_PATHS } from './comparison-paths.js';
import { ComparisonService } from './comparison.service.js';
import { type ComparisonRequest, ComparisonRequestPipe } from './comparison-request.pipe.js';
import { CompareResponseDto } from './dto/compare-response.dto.js';
import { ComparisonOptionsDto } from './dto/comparison-options.dto.js';

const comparisonBy = (detector: DetectorName): PhotographRoute => ({
  photographs: ['image1', 'image2'],
  options: ComparisonOptionsDto,
  task: 'analyse',
  slots: ({ fields }) => SLOTS.analyse + SLOTS[fields['faces'] === 'all' ? 'embed' : 'analyse'],
  detector,
});

const ApiComparison = (summary: string): MethodDecorator =>
  ApiPhotographOperation({
    summary,
    options: ComparisonOptionsDto,
    answer: CompareResponseDto,
    description: 'The verdict.',
    timing: 'decode1;dur=8.7, detect1;dur=4.1, total;dur=27.4',
  });

/** Compares two photographs: one endpoint per detector. */
@ApiTags('Comparison')
@Controller()
export class ComparisonController {
  constructor(private readonly comparisons: ComparisonService) {}

  @Post(COMPARISON_PATHS.mtcnn)
  @HttpCode(200)
  @TakesPhotographs(comparisonBy('mtcnn'))
  @ApiComparison('Compare two faces, detected by MTCNN')
  compare(
    @Body(ComparisonRequestPipe) request: ComparisonRequest,
    @Life() life: RequestLife,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CompareResponseDto> {
    return this.#compare(request, 'mtcnn', life, response);
  }

  @Post(COMPARISON_PATHS.blazeface)
  @HttpCode(200)
  @TakesPhotographs(comparisonBy('blazeface'))
  @ApiComparison('Compare two faces, detected by MediaPipe’s BlazeFace')
  compareWithBlazeFace(
    @Body(ComparisonRequestPipe) request: ComparisonRequest,
    @Life() life: RequestLife,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CompareResponseDto> {
    return this.#compare(request, 'blazeface', life, response);
  }

  async #compare(
    request: ComparisonRequest,
    detector: DetectorName,
    life: RequestLife,
    response: Response,
  ): Promise<CompareResponseDto> {
    const comparison = await this.comparisons.compare(request, detector, life.signal);
    return toCompareResponse(comparison, reportStages(stageTimes(comparison), life, response));
  }
}
