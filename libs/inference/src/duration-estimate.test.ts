import { describe, expect, it } from 'vitest';
import { DurationEstimate } from './duration-estimate.js';

const SKIPPED = 4;

/** The estimate for a number of tasks after others with these durations in milliseconds. */
function estimate(tasks: number, ...durations: readonly number[]): number {
  const estimated = new DurationEstimate(SKIPPED);
  for (const ms of durations) estimated.add(ms);
  return estimated.of(tasks);
}

const repeated = (ms: number, times: number): number[] => Array<number>(times).fill(ms);

/** Mean 105: nine short tasks, then a long one, repeated. */
const unlike = Array.from({ length: 1000 }, (_, i) => (i % 10 === 9 ? 600 : 50));

describe('the estimated duration of tasks', () => {
  it('is 0 before the first has ended', () => {
    expect(estimate(200)).toBe(0);
    expect(estimate(200, ...repeated(200, SKIPPED))).toBe(0);
  });

  it('is the sum if all take the same time', () => {
    const sum = 200 * 60;
    expect(estimate(200, ...repeated(60, 1000))).toBeGreaterThan(0.95 * sum);
    expect(estimate(200, ...repeated(60, 1000))).toBeLessThan(1.01 * sum);
  });

  it('ignores the first few, which are slow', () => {
    expect(estimate(200, ...repeated(200, SKIPPED), ...repeated(60, 30))).toBeCloseTo(200 * 60, 5);
  });

  it('has a safety margin that grows with the variance of the durations', () => {
    const alike = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 95 : 115));
    const [small, large] = [alike, unlike].map((durations) => estimate(200, ...durations) / (200 * 105));

    expect(small).toBeGreaterThan(1);
    expect(small).toBeLessThan(1.1);
    expect(large).toBeGreaterThan(1.5);
  });

  it('has a larger margin while few durations are known', () => {
    const [few, many] = [40, 1000].map((count) => estimate(200, ...unlike.slice(0, count)));
    expect(few).toBeGreaterThan(1.1 * many);
  });

  it('has a smaller margin per task for many tasks than for few', () => {
    expect(estimate(200, ...unlike) / 200).toBeLessThan(estimate(20, ...unlike) / 20);
  });

  it('does not go by a single task that takes far longer', () => {
    expect(estimate(200, ...repeated(30, 100), 2000)).toBeLessThan(3 * 200 * 30);
  });

  it('follows a lasting change', () => {
    expect(estimate(10, ...repeated(50, 1000), ...repeated(250, 200))).toBeGreaterThan(2400);
    expect(estimate(10, ...repeated(250, 1000), ...repeated(50, 1000))).toBeLessThan(600);
  });
});
