import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Settings } from '../config/settings.js';

/** Makes the service's logger: JSON, one line an event; in development, lines for people. */
export function createLogger({ logLevel: level, production }: Settings): Logger {
  const options = { level, base: null };
  return production ? pino(options) : pino(options, pretty({ singleLine: true }));
}

/** Lets Nest's own warnings and errors go the same way. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown): void {
    this.logger.debug(String(message));
  }

  warn(message: unknown): void {
    this.logger.warn(String(message));
  }

  error(message: unknown): void {
    this.logger.error(String(message));
  }
}
