import { Global, Module } from '@nestjs/common';
import { INFERENCE } from '../inference/inference.module.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';

@Global()
@Module({
  controllers: [MetricsController],
  providers: [
    { provide: Metrics, inject: [INFERENCE], useFactory: (inference: InferenceRuntime) => new Metrics(inference) },
  ],
  exports: [Metrics],
})
export class MetricsModule {}
