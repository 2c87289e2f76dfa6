import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiExtraModels, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { SLOTS } from '#inference';
import { ApiPhotographOperation } from '../../faces/api-photograph-operation.js';
import { photographStages } from '../../faces/stages.js';
import { reportStages } from '../../faces/timed-response.js';
import type { RequestInput } from '../../http/body/request-input.js';
import { Life, RequestLife } from '../../http/request-life.js';
import { TakesPhotographs } from '../../http/routes.js';
import { CandidateDto } from './dto/candidate.dto.js';
import { ManyOptionsDto } from './dto/many-options.dto.js';
import { ManyResponseDto } from './dto/many-response.dto.js';
import { type ManyRequest, ManyRequestPipe } from './many-request.pipe.js';
import { toManyResponse } from './many-response.js';
import { ManyService } from './many.service.js';

const MAX_CANDIDATES = 32;

/** One slot for the reference, and one for each candidate that is a photograph. */
const slots = ({ items }: RequestInput): number =>
  SLOTS.analyse * (1 + items.filter(({ photograph }) => photograph.status === 'received').length);

/** Compares one photograph with many candidates. */
@ApiTags('Comparison')
@ApiExtraModels(CandidateDto)
@Controller()
export class ManyController {
  constructor(private readonly comparisons: ManyService) {}

  @Post('compare/many')
  @HttpCode(200)
  @TakesPhotographs({
    photographs: ['reference'],
    list: { field: 'candidates', file: 'candidate', max: MAX_CANDIDATES, item: CandidateDto },
    options: ManyOptionsDto,
    task: 'analyse',
    slots,
  })
  @ApiPhotographOperation({
    summary: 'Compare one face with up to 32 candidates',
    options: ManyOptionsDto,
    answer: ManyResponseDto,
    description: 'The verdicts.',
    timing: 'queue;dur=0.1, decode;dur=8.7, detect;dur=4.1, crop;dur=0.6, embed;dur=5.6, total;dur=127.4',
  })
  async compareMany(
    @Body(ManyRequestPipe) request: ManyRequest,
    @Life() life: RequestLife,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ManyResponseDto> {
    const comparison = await this.comparisons.compare(request, life);
    const totalMs = reportStages(photographStages(comparison.reference), life, response);
    return toManyResponse(comparison, request.threshold, totalMs);
  }
}
