import { Global, Module } from '@nestjs/common';
import { APP_FILTER, DiscoveryModule } from '@nestjs/core';
import { Admission } from './admission.js';
import { BodyReader } from './body/body-reader.js';
import { Draining } from './draining.js';
import { PendingBytes } from './pending-bytes.js';
import { ProblemFilter } from './problem.filter.js';
import { RouteTable } from './routes.js';
import { WayIn } from './way-in.js';

/** The entry point for requests, and the counters and limits it uses. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    Admission,
    BodyReader,
    Draining,
    PendingBytes,
    RouteTable,
    WayIn,
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [Draining, RouteTable, WayIn],
})
export class HttpModule {}
