import { seededRandom } from '../../libs/face/src/seeded-random.fixture.js';

/** Seeds for bytes are integers below this. */
const SEEDS = 2 ** 31;

/** Random choices for mutations. The lower the numbers behind a choice, the simpler the result; not for secrets. */
export class Random {
  /** A number, 0 ≤ number < 1. */
  readonly next: () => number;

  /** @param source a seed, which always gives the same choices, or the numbers themselves, 0 ≤ number < 1 */
  constructor(source: number | (() => number)) {
    this.next = typeof source === 'number' ? seededRandom(source) : source;
  }

  /** An integer, 0 ≤ number < limit; 0 if the limit is 0. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** An integer from `min` to `max`, inclusive. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  /** Whether to make a case longer or stranger. */
  chance(probability: number): boolean {
    return this.next() >= 1 - probability;
  }

  /** One of the items; there must be at least one. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Random bytes. They are one choice, however many. */
  bytes(length: number): Buffer {
    const byte = seededRandom(this.below(SEEDS));
    return Buffer.from(Array.from({ length }, () => Math.floor(byte() * 256)));
  }

  /** The items in random order (Fisher-Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i--) {
      // The lowest numbers leave everything in place.
      const j = i - this.below(i + 1);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }
}
