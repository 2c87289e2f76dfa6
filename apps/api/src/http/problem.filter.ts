import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { lifeOf } from './request-life.js';

/** Hands what controllers, their pipes and Express throw to the one place that answers with problems. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    lifeOf(host.switchToHttp().getRequest<IncomingMessage>()).refuse(thrown);
  }
}
