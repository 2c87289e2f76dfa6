import { seededRandom } from '../../libs/face/src/seeded-random.fixture.js';

/** The seeds of bytes: the whole numbers below this. */
const SEEDS = 2 ** 31;

/** What mutations choose by. The lower the numbers behind a choice, the plainer what comes of it; never for secrets. */
export class Random {
  /** A number, 0 ≤ number < 1. */
  readonly next: () => number;

  /** @param source a seed that always gives the same choices, or the numbers themselves, 0 ≤ number < 1 */
  constructor(source: number | (() => number)) {
    this.next = typeof source === 'number' ? seededRandom(source) : source;
  }

  /** A whole number, 0 ≤ number < limit; 0 where the limit is 0. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A whole number from `min` to `max`, both possible. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  /** Whether to do something that makes a case longer or stranger. */
  chance(probability: number): boolean {
    return this.next() >= 1 - probability;
  }

  /** One of the items, of which there is at least one. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Bytes of any value. They are one choice, however many there are. */
  bytes(length: number): Buffer {
    const byte = seededRandom(this.below(SEEDS));
    return Buffer.from(Array.from({ length }, () => Math.floor(byte() * 256)));
  }

  /** The items in another order (Fisher-Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i--) {
      // The lowest numbers leave everything where it is.
      const j = i - this.below(i + 1);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }
}
