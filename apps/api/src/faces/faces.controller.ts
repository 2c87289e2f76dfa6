import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { SLOTS } from '#inference';
import { Life, RequestLife } from '../http/request-life.js';
import { TakesPhotographs } from '../http/routes.js';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { ApiPhotographOperation } from './api-photograph-operation.js';
import { DetectionOptionsDto } from './dto/detection-options.dto.js';
import { EmbeddingOptionsDto } from './dto/embedding-options.dto.js';
import { DetectionDto, EmbeddingsDto } from './dto/faces-response.dto.js';
import {
  type DetectionRequest,
  DetectionRequestPipe,
  type EmbeddingRequest,
  EmbeddingRequestPipe,
} from './faces-request.pipe.js';
import { toDetection, toEmbeddings } from './faces-response.js';
import { FacesService } from './faces.service.js';
import { photographStages } from './stages.js';
import { reportStages } from './timed-response.js';

/** Finds the faces in one photograph, and embeds them. */
@ApiTags('Faces')
@Controller()
export class FacesController {
  constructor(
    private readonly faces: FacesService,
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
  ) {}

  @Post('detect')
  @HttpCode(200)
  @TakesPhotographs({ photographs: ['image'], options: DetectionOptionsDto, task: 'detect' })
  @ApiPhotographOperation({
    summary: 'Find the faces in a photograph',
    options: DetectionOptionsDto,
    answer: DetectionDto,
    description: 'The faces.',
    timing: 'queue;dur=0.1, decode;dur=8.7, detect;dur=14.1, total;dur=27.4',
  })
  async detect(
    @Body(DetectionRequestPipe) request: DetectionRequest,
    @Life() life: RequestLife,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DetectionDto> {
    const detection = await this.faces.detect(request, life.signal);
    return toDetection(detection, reportStages(photographStages(detection), life, response));
  }

  @Post('embed')
  @HttpCode(200)
  @TakesPhotographs({
    photographs: ['image'],
    options: EmbeddingOptionsDto,
    task: 'analyse',
    slots: ({ fields }) => SLOTS[fields['faces'] === 'all' ? 'embed' : 'analyse'],
  })
  @ApiPhotographOperation({
    summary: 'Embed the largest face in a photograph, or all',
    options: EmbeddingOptionsDto,
    answer: EmbeddingsDto,
    description: 'The embeddings.',
    timing: 'queue;dur=0.1, decode;dur=8.7, detect;dur=4.1, crop;dur=0.6, embed;dur=5.6, total;dur=27.4',
  })
  async embed(
    @Body(EmbeddingRequestPipe) request: EmbeddingRequest,
    @Life() life: RequestLife,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EmbeddingsDto> {
    const embeddings = await this.faces.embed(request, life.signal);
    const totalMs = reportStages(photographStages(embeddings), life, response);
    return toEmbeddings(embeddings, request.encoding, this.inference.models.embedder, totalMs);
  }
}
