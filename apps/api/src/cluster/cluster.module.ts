import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { WholeService } from './whole-service.js';

/** Injection token of the {@link WholeService}. */
export const WHOLE_SERVICE = Symbol('whole service');

/** Provides what all processes of the service are together. */
@Global()
@Module({})
export class ClusterModule {
  static with(service: WholeService): DynamicModule {
    return {
      module: ClusterModule,
      providers: [{ provide: WHOLE_SERVICE, useValue: service }],
      exports: [WHOLE_SERVICE],
    };
  }
}
