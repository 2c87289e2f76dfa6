import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { InferenceRuntime } from './inference-runtime.js';

/** Injection token of the {@link InferenceRuntime}. */
export const INFERENCE = Symbol('inference');

/** Provides the running pool and the facts about its models. */
@Global()
@Module({})
export class InferenceModule {
  static with(runtime: InferenceRuntime): DynamicModule {
    return {
      module: InferenceModule,
      providers: [{ provide: INFERENCE, useValue: runtime }],
      exports: [INFERENCE],
    };
  }
}
