import { Inject, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { comparisonBody } from '../http/body-parser.js';
import { ComparisonController } from './comparison.controller.js';
import { ComparisonService } from './comparison.service.js';

@Module({ controllers: [ComparisonController], providers: [ComparisonService] })
export class ComparisonModule implements NestModule {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(comparisonBody(this.settings.maxImageBytes)).forRoutes(ComparisonController);
  }
}
