import { describe, expect, it } from 'vitest';
import { DurationEstimate } from './duration-estimate.js';

const SKIPPED = 4;

/** What is estimated for so many tasks after others that took so many milliseconds. */
function estimate(tasks: number, ...durations: readonly number[]): number {
  const estimated = new DurationEstimate(SKIPPED);
  for (const ms of durations) estimated.add(ms);
  return estimated.of(tasks);
}

const repeated = (ms: number, times: number): number[] => Array<number>(times).fill(ms);

/** Mean 105: nine short ones, then a long one. */
const unlike = Array.from({ length: 1000 }, (_, i) => (i % 10 === 9 ? 600 : 50));

describe('the estimated duration of tasks', () => {
  it('is nothing before the first has ended', () => {
    expect(estimate(200)).toBe(0);
    expect(estimate(200, ...repeated(200, SKIPPED))).toBe(0);
  });

  it('is the sum where all take the same', () => {
    const sum = 200 * 60;
    expect(estimate(200, ...repeated(60, 1000))).toBeGreaterThan(0.95 * sum);
    expect(estimate(200, ...repeated(60, 1000))).toBeLessThan(1.01 * sum);
  });

  it('does not go by the first few, which are slow', () => {
    expect(estimate(200, ...repeated(200, SKIPPED), ...repeated(60, 30))).toBeCloseTo(200 * 60, 5);
  });

  it('leaves room for chance, and the more the more durations differ', () => {
    const alike = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 95 : 115));
    const [small, large] = [alike, unlike].map((durations) => estimate(200, ...durations) / (200 * 105));

    expect(small).toBeGreaterThan(1);
    expect(small).toBeLessThan(1.1);
    expect(large).toBeGreaterThan(1.5);
  });

  it('leaves more room while little is known', () => {
    const [few, many] = [20, 1000].map((count) => estimate(200, ...unlike.slice(0, count)));
    expect(few).toBeGreaterThan(1.2 * many);
  });

  it('leaves less room for each of many tasks than for each of few', () => {
    expect(estimate(200, ...unlike) / 200).toBeLessThan(estimate(20, ...unlike) / 20);
  });

  it('follows a lasting change', () => {
    expect(estimate(10, ...repeated(50, 1000), ...repeated(250, 200))).toBeGreaterThan(2400);
    expect(estimate(10, ...repeated(250, 1000), ...repeated(50, 1000))).toBeLessThan(600);
  });
});
