import { type DynamicModule, Module } from '@nestjs/common';
import { ComparisonModule } from './comparison/comparison.module.js';
import type { Settings } from './config/settings.js';
import { SettingsModule } from './config/settings.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { InferenceModule } from './inference/inference.module.js';
import type { InferenceRuntime } from './inference/inference-runtime.js';
import { MetricsModule } from './metrics/metrics.module.js';

@Module({})
export class AppModule {
  static with(settings: Settings, inference: InferenceRuntime): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.with(settings),
        InferenceModule.with(inference),
        HttpModule,
        MetricsModule,
        ComparisonModule,
        HealthModule,
      ],
    };
  }
}
