import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import type { Join } from './cluster/whole-service.js';
import type { Settings } from './config/settings.js';
import { answerBroken, brokenError } from './http/broken-request.js';
import { callerAddress } from './http/caller-address.js';
import { Connections } from './http/connections.js';
import { Draining } from './http/draining.js';
import { httpServer } from './http/http-server.js';
import { lifeOf, type LifeOptions, RequestLife } from './http/request-life.js';
import { RouteTable } from './http/routes.js';
import { WayIn, type WayInOptions } from './http/way-in.js';
import type { InferenceRuntime } from './inference/inference-runtime.js';
import { NestLogger } from './logging/logger.js';
import { logRequest } from './logging/request-log.js';
import { Metrics } from './metrics/metrics.js';
import { serveOpenApi } from './openapi/openapi.js';
import { servePage } from './page/page.js';
import { KeyRing } from './security/api-keys.js';
import { comparisonRateLimit } from './security/rate-limit.js';
import { securityHeaders } from './security/security-headers.js';

/** A listening service. */
export interface RunningServer {
  /** The port it listens on. */
  readonly port: number;
  /**
   * Reports not ready, stops listening after the drain delay and waits for responses in progress.
   *
   * @returns whether all of them were sent within the shutdown timeout
   */
  readonly close: () => Promise<boolean>;
}

/**
 * Builds the HTTP server around a running pool and starts listening.
 *
 * @param join makes this process known to the whole service, of which it may be one of several
 */
export async function startServer(
  settings: Settings,
  inference: InferenceRuntime,
  logger: Logger,
  join: Join,
): Promise<RunningServer> {
  const metrics = new Metrics(inference);
  const service = join({ pool: inference.pool, registry: metrics.registry });
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings, inference, metrics, service), {
    bodyParser: false,
    logger: new NestLogger(logger),
  });
  app.disable('x-powered-by');
  app.disable('etag');
  const keys = new KeyRing(settings.apiKeys);
  const routes = app.get(RouteTable);
  routes.discover();
  serveOpenApi(app, routes, !keys.isEmpty);
  if (settings.demo) servePage(app);
  await app.init();
  const headers = securityHeaders();
  const takeIn = app.get(WayIn).open({
    headers,
    corsOrigins: settings.corsOrigins,
    keys,
    rateLimit: comparisonRateLimit(settings.rateLimitPerMinute, service.countRequest),
    trustedProxies: settings.trustProxy,
    handle: app.getHttpAdapter().getInstance() as WayInOptions['handle'],
  });
  const life = lifeOptions(settings, routes, metrics, logger);
  const server = httpServer(settings.requestTimeoutMs);
  const connections = new Connections(
    server,
    {
      max: settings.maxConnections,
      maxPerAddress: settings.trustProxy > 0 ? Infinity : settings.maxConnectionsPerAddress,
      onCut: (reason) => {
        metrics.countCut(reason);
      },
      onBroken: (code) => {
        const { id, error, status, text } = answerBroken(code, headers);
        metrics.countRequest('other', status, error.code, 0);
        logRequest(logger, { id, method: '', path: '', status, code: error.code, totalMs: 0 });
        return text;
      },
      refuseRest: (request, code) => {
        lifeOf(request).refuseRest(brokenError(code));
      },
    },
    (request, response) => void takeIn(new RequestLife(request, response, life)),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(settings.port, settings.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      app.get(Draining).start();
      await delay(settings.drainDelayMs);
      return connections.close(settings.shutdownTimeoutMs);
    },
  };
}

/** Logs each request and records its metrics when it ends. */
function lifeOptions(settings: Settings, routes: RouteTable, metrics: Metrics, logger: Logger): LifeOptions {
  return {
    timeoutMs: settings.requestTimeoutMs,
    onEnd: ({ id, path, request, finalStatus: status, code, arrivedAt, stages }) => {
      const totalMs = performance.now() - arrivedAt;
      metrics.countRequest(routes.label(path), status, code ?? '', totalMs / 1000);
      const address = settings.logAddresses ? callerAddress(request, settings.trustProxy) : undefined;
      logRequest(logger, { id, method: request.method ?? '', path, status, code, totalMs, stages, address });
    },
    onInternalError: ({ id }, thrown) => {
      const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : typeof thrown;
      logger.error(`request ${id}: ${reason}`);
    },
  };
}
