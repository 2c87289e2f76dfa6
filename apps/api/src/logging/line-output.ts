import { writeSync } from 'node:fs';

/** Maximum number of bytes buffered for a slow reader: some thousands of request lines. */
const MAX_WAITING = 1024 ** 2;

/** How soon to retry if no new line triggers it, in milliseconds. */
const RETRY_MS = 50;

/**
 * Writes lines to a file descriptor without ever blocking, throwing or using unbounded memory: the service matters more
 * than its log. If a pipe is full, lines are buffered in order, up to a limit. Anything above that, and whatever cannot
 * be written because the disk is full or the reader gone, is dropped and counted; each new line triggers a retry.
 *
 * (SonicBoom, pino's own destination, keeps what it could not write instead of dropping it, and its flushSync, which
 * runs at exit, retries forever.)
 */
export class LineOutput {
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Whether the last write ended within a line. */
  #torn = false;
  #droppedLines = 0;
  #willRetry = false;

  /** @param fd a file, or a non-blocking pipe or socket (O_NONBLOCK): writing to it may fail with EAGAIN */
  constructor(private readonly fd: number) {}

  /** Number of lines dropped so far. */
  get droppedLines(): number {
    return this.#droppedLines;
  }

  /** Writes a line, including its newline, now or once there is room; or drops it. */
  write(line: string): void {
    // The rest of a torn line was dropped: start a new line.
    const bytes = Buffer.from(this.#torn && this.#waiting.length === 0 ? `\n${line}` : line);
    if (this.#waitingBytes + bytes.length > MAX_WAITING) {
      this.#droppedLines++;
    } else {
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
    }
    this.flush();
  }

  /** Writes as much of the buffer as there is room for. */
  flush(): void {
    try {
      while (this.#waiting.length > 0) {
        const [first] = this.#waiting;
        const written = writeSync(this.fd, first);
        this.#waitingBytes -= written;
        this.#torn = written < first.length;
        if (this.#torn) this.#waiting[0] = first.subarray(written);
        else this.#waiting.shift();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') this.#retryLater();
      else this.#dropWaiting();
    }
  }

  #retryLater(): void {
    if (this.#willRetry) return;
    this.#willRetry = true;
    setTimeout(() => {
      this.#willRetry = false;
      this.flush();
    }, RETRY_MS).unref();
  }

  #dropWaiting(): void {
    this.#droppedLines += this.#waiting.length;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

/** The log's destination. */
export const standardOutput = new LineOutput(1);
