import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Settings } from '../config/settings.js';
import { standardOutput } from './line-output.js';

/**
 * Creates the service's logger: JSON, one event per line; in development, a readable format. A full disk or a slow or
 * missing reader only costs lines (`standardOutput.droppedLines`). Call it once: it adds listeners to the process.
 *
 * @param several whether other processes write to the same log; lines then say which one they are from (`pid`)
 */
export function createLogger({ logLevel: level, production }: Settings, several = false): Logger {
  surviveBrokenStreams();
  process.once('exit', () => {
    standardOutput.flush();
  });
  const options = { level, base: several ? { pid: process.pid } : null };
  if (production) return pino(options, standardOutput);
  const forPeople = prettyFactory({ singleLine: true });
  return pino(options, {
    write: (line) => {
      standardOutput.write(forPeople(line));
    },
  });
}

/**
 * Ignores write errors of other output, such as Node's warnings: an unhandled one would end the process. Accessing the
 * streams also makes their pipes non-blocking.
 */
function surviveBrokenStreams(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Routes Nest's own warnings and errors to the same log. */
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
