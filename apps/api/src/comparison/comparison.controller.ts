import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { DetectorName } from '#face';
import { contextOf } from '../http/request-context.js';
import { ApiComparison } from '../openapi/api-comparison.js';
import { serverTiming, stageTimes, toCompareResponse } from './compare-response.js';
import { ComparisonService } from './comparison.service.js';
import { type ComparisonRequest, ComparisonRequestPipe } from './comparison-request.pipe.js';
import type { CompareResponseDto } from './dto/compare-response.dto.js';

/** Two photographs in, a verdict out: one endpoint for each detector. */
@ApiTags('Comparison')
@Controller()
export class ComparisonController {
  constructor(private readonly comparisons: ComparisonService) {}

  @Post('compare')
  @HttpCode(200)
  @ApiComparison('Compare two faces, detected by MTCNN')
  compareWithMtcnn(
    @Body(ComparisonRequestPipe) request: ComparisonRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CompareResponseDto> {
    return this.#compare(request, 'mtcnn', response);
  }

  @Post('mediapipe')
  @HttpCode(200)
  @ApiComparison('Compare two faces, detected by MediaPipe’s BlazeFace')
  compareWithBlazeFace(
    @Body(ComparisonRequestPipe) request: ComparisonRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CompareResponseDto> {
    return this.#compare(request, 'blazeface', response);
  }

  async #compare(request: ComparisonRequest, detector: DetectorName, response: Response): Promise<CompareResponseDto> {
    const context = contextOf(response);
    const comparison = await this.comparisons.compare(request, detector, context.signal);
    const totalMs = performance.now() - context.arrivedAt;
    context.stages = stageTimes(comparison, totalMs);
    response.setHeader('Server-Timing', serverTiming(context.stages));
    return toCompareResponse(comparison, totalMs);
  }
}
