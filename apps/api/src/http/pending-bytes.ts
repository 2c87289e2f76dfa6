import { Inject, Injectable } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { bodyTooLarge, ServiceError } from '../errors/service-error.js';
import type { RequestLife } from './request-life.js';

/** Created once: it is thrown under load. */
const TOO_MUCH = new ServiceError('OVERLOADED', 'Too many photographs are arriving; try again in a moment.');

const TOO_SMALL_CHUNKS = new ServiceError('INVALID_REQUEST', 'The body arrives in too many small chunks.');

/**
 * From this many chunks on, a body is judged by their mean size in bytes: handling a chunk costs as much as handling
 * hundreds of bytes.
 */
const MANY_CHUNKS = 1000;
const MIN_MEAN_CHUNK = 64;

/** The received part of a body. */
interface Arrival {
  bytes: number;
  chunks: number;
  /** When it began to arrive, by `performance.now()`. */
  readonly since: number;
}

/**
 * Limits the total size of all requests' bodies, from the first byte until the request has ended. Over the limit, the
 * body with the highest cost (bytes times age) is rejected. This hits clients that send and then stall or trickle, and
 * lets comparisons in transfer through.
 */
@Injectable()
export class PendingBytes {
  readonly #arriving = new Map<RequestLife, Arrival>();
  #total = 0;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Bytes currently held. */
  get total(): number {
    return this.#total;
  }

  /**
   * Starts counting the body of a request.
   *
   * @param limit of one body in bytes; a larger one is rejected, with or without a Content-Length
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
