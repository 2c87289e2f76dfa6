import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clopperPearson } from './clopper-pearson.js';

describe('clopperPearson', () => {
  // scipy.stats.beta.ppf of SciPy 1.17.1: ppf(0.025, x, n − x + 1) and ppf(0.975, x + 1, n − x).
  it.each([
    [1, 11, 0.002298972213814267, 0.4127799169883827],
    [5, 10, 0.18708602844739855, 0.8129139715526015],
    [1, 1000, 2.531748749129404e-5, 0.005558924279826672],
    [50, 1000, 0.03733539760466178, 0.06539048791549364],
    [1, 1e6, 2.5317807663794178e-8, 5.571630655166939e-6],
    [10, 1e6, 4.795398777545602e-6, 1.8390278891238532e-5],
    [1e5, 1e6, 0.09941266986603789, 0.10058964818742552],
    [5e6, 1e7, 0.4996900525213711, 0.5003099474786289],
    [12_345, 1e8, 0.00012128193995778608, 0.0001256470840275623],
    [999, 1000, 0.9944410757201734, 0.9999746825125088],
  ])('of %d in %d is what SciPy computes', (count, trials, low, high) => {
    const computed = clopperPearson(count, trials);
    expect(Math.abs(computed[0] / low - 1)).toBeLessThan(1e-7);
    expect(Math.abs(computed[1] / high - 1)).toBeLessThan(1e-7);
  });

  it('reaches 0 without successes, and 1 with nothing else', () => {
    // The bounds have a closed form there.
    expect(clopperPearson(0, 100)).toEqual([0, expect.closeTo(1 - 0.025 ** (1 / 100), 9)]);
    expect(clopperPearson(100, 100)).toEqual([expect.closeTo(0.025 ** (1 / 100), 9), 1]);
  });

  it('contains the proportion, and is symmetric', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const count = Math.round(share * trials);
        const [low, high] = clopperPearson(count, trials);
        const [otherLow, otherHigh] = clopperPearson(trials - count, trials);

        expect(low).toBeLessThanOrEqual(count / trials);
        expect(high).toBeGreaterThanOrEqual(count / trials);
        expect(low).toBeCloseTo(1 - otherHigh, 7);
        expect(high).toBeCloseTo(1 - otherLow, 7);
      }),
    );
  });
});
