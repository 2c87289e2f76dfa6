import { type DynamicModule, Module } from '@nestjs/common';
import { ClusterModule } from './cluster/cluster.module.js';
import type { WholeService } from './cluster/whole-service.js';
import { ComparisonModule } from './comparison/comparison.module.js';
import { compatibilityModules } from './compatibility/compatibility-modules.js';
import type { Settings } from './config/settings.js';
import { SettingsModule } from './config/settings.module.js';
import { FacesModule } from './faces/faces.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { InferenceModule } from './inference/inference.module.js';
import type { InferenceRuntime } from './inference/inference-runtime.js';
import type { Metrics } from './metrics/metrics.js';
import { MetricsModule } from './metrics/metrics.module.js';

@Module({})
export class AppModule {
  static with(settings: Settings, inference: InferenceRuntime, metrics: Metrics, service: WholeService): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.with(settings),
        InferenceModule.with(inference),
        ClusterModule.with(service),
        HttpModule,
        MetricsModule.with(metrics),
        FacesModule,
        ComparisonModule,
        ...compatibilityModules(settings.compatibility),
        HealthModule,
      ],
    };
  }
}
