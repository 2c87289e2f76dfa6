import { Inject, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { admission } from '../http/admission.js';
import { comparisonBody } from '../http/body-parser.js';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { comparisonRateLimit } from '../security/rate-limit.js';
import { ComparisonController } from './comparison.controller.js';
import { ComparisonService } from './comparison.service.js';

@Module({ controllers: [ComparisonController], providers: [ComparisonService] })
export class ComparisonModule implements NestModule {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(INFERENCE) private readonly inference: InferenceRuntime,
  ) {}

  configure(consumer: MiddlewareConsumer): void {
    const { rateLimitPerMinute, requestTimeoutMs, maxImageBytes } = this.settings;
    consumer
      .apply(
        comparisonRateLimit(rateLimitPerMinute),
        admission(this.inference.pool, requestTimeoutMs),
        comparisonBody(maxImageBytes),
      )
      .forRoutes(ComparisonController);
  }
}
