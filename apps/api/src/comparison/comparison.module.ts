import { Inject, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { Admission } from '../http/admission.js';
import { comparisonBody } from '../http/body-parser.js';
import { comparisonRateLimit } from '../security/rate-limit.js';
import { ComparisonController } from './comparison.controller.js';
import { ComparisonService } from './comparison.service.js';

@Module({ controllers: [ComparisonController], providers: [Admission, ComparisonService] })
export class ComparisonModule implements NestModule {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly admission: Admission,
  ) {}

  configure(consumer: MiddlewareConsumer): void {
    const { rateLimitPerMinute, maxImageBytes } = this.settings;
    consumer
      .apply(this.admission.admit, comparisonRateLimit(rateLimitPerMinute), comparisonBody(maxImageBytes))
      .forRoutes(ComparisonController);
  }
}
