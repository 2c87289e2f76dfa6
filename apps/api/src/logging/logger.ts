import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Settings } from '../config/settings.js';
import { standardOutput } from './line-output.js';

/**
 * Makes the service's logger: JSON, one line an event; in development, lines for people. A full disk or a reader that is
 * slow or gone costs lines (`standardOutput.droppedLines`), nothing else. Call it once: it listens to the process.
 */
export function createLogger({ logLevel: level, production }: Settings): Logger {
  surviveBrokenStreams();
  process.once('exit', () => {
    standardOutput.flush();
  });
  const options = { level, base: null };
  if (production) return pino(options, standardOutput);
  const forPeople = prettyFactory({ singleLine: true });
  return pino(options, {
    write: (line) => {
      standardOutput.write(forPeople(line));
    },
  });
}

/**
 * Lets what else is printed, such as Node's warnings, get lost where it cannot be written: an error that nobody listens
 * for would end the process. That the streams are looked at also takes care that their pipes do not block.
 */
function surviveBrokenStreams(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
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
