import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { DetectorName } from '#face';
import { Life, RequestLife } from '../http/request-life.js';
import { type PhotographRoute, TakesPhotographs } from '../http/routes.js';
import { ApiComparison } from './api-comparison.js';
import { serverTiming, stageTimes, toCompareResponse } from './compare-response.js';
import { COMPARISON_PATHS } from './comparison-paths.js';
import { ComparisonService } from './comparison.service.js';
import { type ComparisonRequest, ComparisonRequestPipe } from './comparison-request.pipe.js';
import type { CompareResponseDto } from './dto/compare-response.dto.js';
import { ComparisonOptionsDto } from './dto/comparison-options.dto.js';

const comparisonBy = (detector: DetectorName): PhotographRoute => ({
  photographs: ['image1', 'image2'],
  options: ComparisonOptionsDto,
  task: 'analyse',
  detector,
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
    const totalMs = performance.now() - life.arrivedAt;
    life.stages = stageTimes(comparison, totalMs);
    response.setHeader('Server-Timing', serverTiming(life.stages));
    return toCompareResponse(comparison, totalMs);
  }
}
