import { Inject, Injectable } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { bodyTooLarge, ServiceError } from '../errors/service-error.js';
import type { RequestLife } from './request-life.js';

/** Made once: it is thrown when there is much to do. */
const TOO_MUCH = new ServiceError('OVERLOADED', 'Too many photographs are arriving; try again in a moment.');

const TOO_SMALL_CHUNKS = new ServiceError('INVALID_REQUEST', 'The body arrives in too many small chunks.');

/** From so many chunks on a body is judged by their mean size, in bytes: each costs as much as hundreds of bytes do. */
const MANY_CHUNKS = 1000;
const MIN_MEAN_CHUNK = 64;

/** What has arrived of a body. */
interface Arrival {
  bytes: number;
  chunks: number;
  /** When it began to arrive, on the clock of `performance.now()`. */
  readonly since: number;
}

/**
 * Bounds what the bodies of all requests may have together, from their first byte until their request has ended. Where they
 * have more, the one that has held most for longest (bytes times time) is given up: callers that send and then stall, or go on
 * by drops, pay for it, and a comparison that is on its way gets through.
 */
@Injectable()
export class PendingBytes {
  readonly #arriving = new Map<RequestLife, Arrival>();
  #total = 0;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Bytes that are held now. */
  get total(): number {
    return this.#total;
  }

  /**
   * Counts the body of a request from now on.
   *
   * @param limit of one body in bytes; one that has more is refused, whether its length was told or not
   */
  watch(life: RequestLife, limit: number): void {
    const { request } = life;
    const arrival: Arrival = { bytes: 0, chunks: 0, since: performance.now() };
    this.#arriving.set(life, arrival);
    request.on('data', (chunk: Buffer) => {
      if (life.isAnswered()) return;
      arrival.bytes += chunk.length;
      arrival.chunks++;
      this.#total += chunk.length;
      if (arrival.bytes > limit) life.refuse(bodyTooLarge());
      else if (arrival.chunks > MANY_CHUNKS && arrival.bytes < arrival.chunks * MIN_MEAN_CHUNK) {
        life.refuseRest(TOO_SMALL_CHUNKS);
      } else if (this.#total > this.settings.maxPendingBytes) this.#giveUpOne();
    });
    request.once('end', () => this.#arriving.delete(life));
    life.onAnswered(() => {
      this.#arriving.delete(life);
      this.#total -= arrival.bytes;
    });
  }

  #giveUpOne(): void {
    const now = performance.now();
    const held = ({ bytes, since }: Arrival): number => bytes * (now - since);
    const most = [...this.#arriving].sort(([, a], [, b]) => held(b) - held(a)).at(0);
    most?.[0].refuseRest(TOO_MUCH);
  }
}
