import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Registry } from 'prom-client';
import { WHOLE_SERVICE } from '../cluster/cluster.module.js';
import type { WholeService } from '../cluster/whole-service.js';

@ApiTags('Health')
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(WHOLE_SERVICE) private readonly service: WholeService) {}

  @Get()
  @ApiOperation({ summary: 'Metrics for Prometheus' })
  @ApiOkResponse({
    description: 'Every metric, in Prometheus’ text format.',
    content: {
      [Registry.PROMETHEUS_CONTENT_TYPE]: {
        schema: { type: 'string' },
        example:
          '# HELP face_workers_ready Workers whose models are loaded and warm.\n# TYPE face_workers_ready gauge\nface_workers_ready 2\n',
      },
    },
  })
  async getMetrics(@Res() response: Response): Promise<void> {
    response.setHeader('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE);
    response.send(await this.service.metrics());
  }
}
