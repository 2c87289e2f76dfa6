import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import type { Settings } from './config/settings.js';
import { closeWhenDraining, Lifecycle } from './health/lifecycle.js';
import { Admission } from './http/admission.js';
import { askForBodiesLate, closeServer, limitSlowSenders } from './http/http-server.js';
import { shedLoad } from './http/load-shedding.js';
import { requestContext } from './http/request-context.js';
import { knownMethods } from './http/routes.js';
import type { InferenceRuntime } from './inference/inference-runtime.js';
import { NestLogger } from './logging/logger.js';
import { requestLog } from './logging/request-log.js';
import { Metrics } from './metrics/metrics.js';
import { requestMetrics } from './metrics/request-metrics.js';
import { serveOpenApi } from './openapi/openapi.js';
import { apiKeys, KeyRing } from './security/api-keys.js';
import { securityHeaders, sendHeaders } from './security/security-headers.js';

/** A listening service. */
export interface RunningServer {
  /** The port it listens on. */
  readonly port: number;
  /**
   * Says it is not ready, stops listening after the drain delay and waits for the answers under way.
   *
   * @returns whether all of them went out within the shutdown timeout
   */
  readonly close: () => Promise<boolean>;
}

/** Puts the HTTP side around a running pool and starts listening. */
export async function startServer(
  settings: Settings,
  inference: InferenceRuntime,
  logger: Logger,
): Promise<RunningServer> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings, inference), {
    bodyParser: false,
    logger: new NestLogger(logger),
  });
  const lifecycle = app.get(Lifecycle);
  const metrics = app.get(Metrics);
  const keys = new KeyRing(settings.apiKeys);
  const headers = securityHeaders();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', settings.trustProxy);
  app.use(requestContext(settings.requestTimeoutMs));
  app.use(closeWhenDraining(lifecycle));
  app.use(requestLog(logger, settings.logAddresses), requestMetrics(metrics));
  app.use(sendHeaders(headers));
  if (settings.corsOrigins.length > 0) app.enableCors({ origin: [...settings.corsOrigins] });
  app.use(apiKeys(keys));
  app.use(knownMethods);
  serveOpenApi(app, !keys.isEmpty);
  const server = app.getHttpServer();
  askForBodiesLate(server);
  // Whose address it is, behind proxies, Express has to find out.
  if (!settings.logAddresses) {
    shedLoad(server, { admission: app.get(Admission), keys, lifecycle, headers, metrics, logger });
  }
  await app.listen(settings.port, settings.host);
  limitSlowSenders(server, settings.requestTimeoutMs);
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      lifecycle.startDraining();
      await delay(settings.drainDelayMs);
      return closeServer(server, settings.shutdownTimeoutMs);
    },
  };
}
