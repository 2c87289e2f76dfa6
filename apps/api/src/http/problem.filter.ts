import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { lifeOf } from './request-life.js';

/** Passes errors from controllers, their pipes and Express to the one place that writes problem documents. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    lifeOf(host.switchToHttp().getRequest<IncomingMessage>()).refuse(thrown);
  }
}
