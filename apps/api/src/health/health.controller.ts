import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { FORMAT_LIST } from '#face';
import type { ModelEntry } from '#inference';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { Draining } from '../http/draining.js';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { VERSION } from '../version.js';
import { type DefaultsDto, HealthDto, type LimitsDto, type ModelDto, StatusDto } from './status.dto.js';

@ApiTags('Health')
@Controller()
export class HealthController {
  constructor(
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly draining: Draining,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Status, version and what is in use' })
  @ApiOkResponse({ type: StatusDto, description: 'What is running.' })
  getStatus(): StatusDto {
    const { cropRule, executionProvider, models, pool, threshold } = this.inference;
    return {
      status: pool.healthy ? 'ok' : 'degraded',
      version: VERSION,
      execution_provider: executionProvider,
      precision: models.precision,
      embedder_weights: models.embedder.weights,
      workers: pool.readyWorkers,
      crop_rule: cropRule,
      detectors: this.settings.detectors,
      defaults: defaults(threshold, this.settings),
      limits: limits(this.settings),
      image_formats: FORMAT_LIST,
      models: models.entries.map(toModelDto),
    };
  }

  @Get('health/live')
  @ApiOperation({ summary: 'Whether the process should be left running' })
  @ApiOkResponse({ type: HealthDto, description: 'The process answers.' })
  @ApiServiceUnavailableResponse({ type: HealthDto, description: 'A worker hangs; only a restart helps.' })
  getLiveness(@Res({ passthrough: true }) response: Response): HealthDto {
    return this.inference.pool.stuck ? unwell(response, 'stuck') : { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Whether comparisons should be sent here' })
  @ApiOkResponse({ type: HealthDto, description: 'Every worker is warm and answering.' })
  @ApiServiceUnavailableResponse({ type: HealthDto, description: 'Shutting down, or workers are missing.' })
  getReadiness(@Res({ passthrough: true }) response: Response): HealthDto {
    if (this.draining.started) return unwell(response, 'draining');
    return this.inference.pool.healthy ? { status: 'ok' } : unwell(response, 'workers missing');
  }
}

function defaults(threshold: number, { minConfidence, faceSelection }: Settings): DefaultsDto {
  return { threshold, min_confidence: minConfidence, face_selection: faceSelection };
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

function unwell(response: Response, status: HealthDto['status']): HealthDto {
  response.status(503);
  return { status };
}

function toModelDto({ name, origin, weights, sha256 }: ModelEntry): ModelDto {
  const source = [origin['package'], origin['version'], origin['registry'] && `(${origin['registry']})`];
  return { name, origin: source.filter(Boolean).join(' '), weights, sha256: sha256.slice(0, 12) };
}
