import { Inject, Injectable } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { ServiceError } from '../errors/service-error.js';
import type { RequestLife } from './request-life.js';

/** Made once: it is thrown when there is much to do. */
const TOO_MUCH = new ServiceError('OVERLOADED', 'Too many photographs are arriving; try again in a moment.');

/**
 * Bounds what the bodies of all requests may have together, from their first byte until their request has ended. Where they
 * have more, the largest of those that are still arriving is given up: callers that send much and then stall pay for it,
 * and an ordinary comparison, which is small, gets through.
 */
@Injectable()
export class PendingBytes {
  readonly #arriving = new Map<RequestLife, number>();
  #total = 0;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Bytes that are held now. */
  get total(): number {
    return this.#total;
  }

  /**
   * Counts the body of a request from now on.
   *
   * @param limit of one body in bytes; what a caller sends beyond that is thrown away and not counted
   */
  watch(life: RequestLife, limit: number): void {
    const { request } = life;
    let bytes = 0;
    this.#arriving.set(life, 0);
    request.on('data', (chunk: Buffer) => {
      if (life.isAnswered() || bytes > limit) return;
      bytes += chunk.length;
      this.#total += chunk.length;
      this.#arriving.set(life, bytes);
      if (this.#total > this.settings.maxPendingBytes) this.#giveUpLargest();
    });
    request.once('end', () => this.#arriving.delete(life));
    life.onAnswered(() => {
      this.#arriving.delete(life);
      this.#total -= bytes;
    });
  }

  #giveUpLargest(): void {
    const largest = [...this.#arriving].sort(([, a], [, b]) => b - a).at(0);
    largest?.[0].refuseRest(TOO_MUCH);
  }
}
