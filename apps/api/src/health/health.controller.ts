import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { FORMAT_LIST } from '#face';
import type { ModelEntry } from '#inference';
import { WHOLE_SERVICE } from '../cluster/cluster.module.js';
import type { ServiceReport, WholeService } from '../cluster/whole-service.js';
import type { Settings } from '../config/settings.js';
import { Draining } from '../http/draining.js';
import type { Calibrations } from '../inference/calibration.js';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import type { ScoreMeaning } from '../inference/score-meaning.js';
import { VERSION } from '../version.js';
import {
  type CalibratedDetectorDto,
  type DefaultsDto,
  HealthDto,
  type LimitsDto,
  type ModelDto,
  StatusDto,
} from './status.dto.js';

@ApiTags('Health')
@Controller()
export class HealthController {
  constructor(
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
    @Inject(WHOLE_SERVICE) private readonly service: WholeService,
    private readonly draining: Draining,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Status, version and what is in use' })
  @ApiOkResponse({ type: StatusDto, description: 'What is running.' })
  async getStatus(): Promise<StatusDto> {
    const { cropRule, executionProvider, models, scores } = this.inference;
    const { calibrations } = scores;
    const { settings } = this.service;
    const { reviewBand } = settings;
    const { healthy, processes, workers } = await this.service.report();
    return {
      status: healthy ? 'ok' : 'degraded',
      version: VERSION,
      execution_provider: executionProvider,
      precision: models.precision,
      embedder_weights: models.embedder.weights,
      processes,
      workers,
      crop_rule: cropRule,
      detectors: settings.detectors,
      defaults: defaults(scores, settings),
      ...(calibrations && { calibration: calibratedDetectors(calibrations, scores) }),
      ...(reviewBand !== 'none' && { review_band: reviewBand }),
      limits: limits(settings),
      image_formats: FORMAT_LIST,
      models: models.entries.map(toModelDto),
    };
  }

  @Get('health/live')
  @ApiOperation({ summary: 'Whether the service should be left running' })
  @ApiOkResponse({ type: HealthDto, description: 'The service answers.' })
  @ApiServiceUnavailableResponse({ type: HealthDto, description: 'A worker hangs; only a restart helps.' })
  async getLiveness(@Res({ passthrough: true }) response: Response): Promise<HealthDto> {
    const report = await this.service.report();
    return health(response, report.stuck ? 'stuck' : 'ok', report);
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Whether comparisons should be sent here' })
  @ApiOkResponse({ type: HealthDto, description: 'Every worker is warm and answering.' })
  @ApiServiceUnavailableResponse({ type: HealthDto, description: 'Shutting down, or workers are missing.' })
  async getReadiness(@Res({ passthrough: true }) response: Response): Promise<HealthDto> {
    const report = await this.service.report();
    if (this.draining.started) return health(response, 'draining', report);
    return health(response, report.healthy ? 'ok' : 'workers missing', report);
  }
}

function defaults(scores: ScoreMeaning, { detectors, fmr, minConfidence, faceSelection }: Settings): DefaultsDto {
  return {
    threshold: scores.threshold(detectors[0]),
    ...(fmr !== 'none' && { false_match_rate: fmr }),
    min_confidence: minConfidence,
    face_selection: faceSelection,
  };
}

function calibratedDetectors(calibrations: Calibrations, scores: ScoreMeaning): CalibratedDetectorDto[] {
  return [...calibrations].map(([detector, { impostor_pairs, people, photographs }]) => ({
    detector,
    impostor_pairs,
    ...(people !== undefined && { people }),
    ...(photographs !== undefined && { photographs }),
    threshold: scores.threshold(detector),
  }));
}

function limits(settings: Settings): LimitsDto {
  return {
    max_body_bytes: settings.maxBodyBytes,
    max_image_bytes: settings.maxImageBytes,
    max_image_pixels: settings.maxImagePixels,
    max_queue: settings.maxQueue,
    request_timeout_ms: settings.requestTimeoutMs,
    rate_limit_per_minute: settings.rateLimitPerMinute,
  };
}

function health(response: Response, status: HealthDto['status'], { processes, workers }: ServiceReport): HealthDto {
  if (status !== 'ok') response.status(503);
  return { status, processes, workers };
}

function toModelDto({ name, origin, weights, sha256 }: ModelEntry): ModelDto {
  const source = [origin['package'], origin['version'], origin['registry'] && `(${origin['registry']})`];
  return { name, origin: source.filter(Boolean).join(' '), weights, sha256: sha256.slice(0, 12) };
}
