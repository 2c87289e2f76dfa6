import { writeSync } from 'node:fs';

/** The most that waits for a slow reader, in bytes: some thousands of requests' lines. */
const MAX_WAITING = 1024 ** 2;

/** How soon it is tried again where no new line brings it about, in milliseconds. */
const RETRY_MS = 50;

/**
 * Writes lines to a file descriptor and never waits, throws or fills the memory for it: the service matters more than its
 * log. Where a pipe is full, lines wait in order, up to a limit. What is over that, and what cannot be written at all
 * because the disk is full or the reader gone, is dropped and counted; each new line is a new try.
 *
 * (SonicBoom, pino's own destination, keeps what it could not write instead of dropping it, and its flushSync, which runs
 * at exit, retries for ever.)
 */
export class LineOutput {
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Whether what went out last ends within a line. */
  #torn = false;
  #droppedLines = 0;
  #willRetry = false;

  /** @param fd a file, or a pipe or socket that does not block (O_NONBLOCK): a write to it may say EAGAIN */
  constructor(private readonly fd: number) {}

  /** Lines that were not written and will not be. */
  get droppedLines(): number {
    return this.#droppedLines;
  }

  /** Writes a line, its end included, now or as soon as there is room; or drops it. */
  write(line: string): void {
    // The rest of a torn line was dropped: this one starts a line of its own all the same.
    const bytes = Buffer.from(this.#torn && this.#waiting.length === 0 ? `\n${line}` : line);
    if (this.#waitingBytes + bytes.length > MAX_WAITING) {
      this.#droppedLines++;
    } else {
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
    }
    this.flush();
  }

  /** Writes of what waits as much as there is room for. */
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

/** What the log goes to. */
export const standardOutput = new LineOutput(1);
