import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.js';

const [A_SECOND, AN_HOUR] = [1_000, 3_600_000];

describe('Backoff', () => {
  it('replaces a process at once, and one that keeps dying later and later', () => {
    const backoff = new Backoff();
    const waits = Array.from({ length: 9 }, () => backoff.next(A_SECOND));

    expect(waits).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('starts anew once a process has run well', () => {
    const backoff = new Backoff();
    for (let i = 0; i < 5; i++) backoff.next(A_SECOND);

    expect([backoff.next(AN_HOUR), backoff.next(A_SECOND)]).toEqual([0, 500]);
  });
});
