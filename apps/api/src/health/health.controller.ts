import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ModelEntry } from '#inference';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { VERSION } from '../version.js';
import { type ModelDto, StatusDto } from './status.dto.js';

@ApiTags('Health')
@Controller()
export class HealthController {
  constructor(@Inject(INFERENCE) private readonly inference: InferenceRuntime) {}

  @Get()
  @ApiOperation({ summary: 'Status, version and what is in use' })
  @ApiOkResponse({ type: StatusDto })
  status(): StatusDto {
    const { executionProvider, precision, models, pool } = this.inference;
    return {
      status: 'ok',
      version: VERSION,
      execution_provider: executionProvider,
      precision,
      embedder_weights: models.embedder.weights,
      workers: pool.readyWorkers,
      models: models.entries.map(toModelDto),
    };
  }
}

function toModelDto({ name, origin, weights, sha256 }: ModelEntry): ModelDto {
  const source = [origin['package'], origin['version'], origin['registry'] && `(${origin['registry']})`];
  return { name, origin: source.filter(Boolean).join(' '), weights, sha256: sha256.slice(0, 12) };
}
