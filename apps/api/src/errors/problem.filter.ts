import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { contextOf } from '../http/request-context.js';
import { toProblem } from './problem.js';
import { ServiceError } from './service-error.js';
import { toServiceError } from './to-service-error.js';

/** Answers every error as a problem document. What the caller cannot help goes to the log and stays there. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    // A caller that has gone away while it sent its body is told nothing, and is to blame for nothing.
    if (response.headersSent || (response.socket?.destroyed ?? true)) return;
    const context = contextOf(response);
    const { id } = context;
    const error = toServiceError(thrown) ?? this.#internal(thrown, id);
    context.code = error.code;
    const { status, headers, body } = toProblem(error, id);
    response.status(status).set(headers).send(body);
  }

  #internal(thrown: unknown, requestId: string): ServiceError {
    this.#logger.error(
      `request ${requestId}: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : typeof thrown}`,
    );
    return new ServiceError('INTERNAL', `Something went wrong on our side. Request id: ${requestId}.`);
  }
}
