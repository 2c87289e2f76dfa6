import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import type { Settings } from './config/settings.js';
import { requestContext } from './http/request-context.js';
import type { InferenceRuntime } from './inference/inference-runtime.js';
import { serveOpenApi } from './openapi/openapi.js';

/** A listening service. */
export interface RunningServer {
  /** The port it listens on. */
  readonly port: number;
  /** Stops listening and waits for the answers under way. */
  readonly close: () => Promise<void>;
}

/** Puts the HTTP side around a running pool and starts listening. */
export async function startServer(settings: Settings, inference: InferenceRuntime): Promise<RunningServer> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings, inference), {
    bodyParser: false,
    logger: ['error', 'warn'],
  });
  app.disable('x-powered-by');
  app.use(requestContext(settings.requestTimeoutMs));
  serveOpenApi(app);
  await app.listen(settings.port, settings.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { port, close: () => app.close() };
}
