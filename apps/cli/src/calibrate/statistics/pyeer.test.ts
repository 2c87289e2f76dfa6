import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../../../api/src/package-root.js';
import { readScoreFile } from '../inputs/score-file.js';
import { evaluate } from './evaluate.js';
import { ErrorRates, type RatePoint } from './error-rates.js';

/** test/pyeer/README.md describes it. */
interface Figures {
  readonly eer: number;
  readonly eer_threshold: number;
  readonly d_prime: number;
  readonly points: readonly { readonly wanted: number; readonly point: RatePoint | null }[];
  readonly curve: readonly RatePoint[];
}

const FOLDER = join(PACKAGE_ROOT, 'test/pyeer');
const FIGURES = JSON.parse(readFileSync(join(FOLDER, 'figures.json'), 'utf8')) as Readonly<Record<string, Figures>>;

describe.each(Object.entries(FIGURES))('the scores "%s" have the same as with pyeer:', async (name, figures) => {
  const scores = (kind: string): Promise<Float64Array> => readScoreFile(join(FOLDER, 'scores', `${name}-${kind}.txt`));
  const [genuine, impostor] = await Promise.all([scores('genuine'), scores('impostor')]);
  const set = {
    genuine: { similarities: genuine, total: genuine.length },
    impostor: { similarities: impostor, total: impostor.length },
  };
  const { rates } = evaluate(set, { fmr: figures.points.map(({ wanted }) => wanted), threshold: 0.6 });

  it('EER and its threshold', () => {
    expect(rates?.eer.rate).toBeCloseTo(figures.eer, 12);
    expect(rates?.eer.threshold).toBe(figures.eer_threshold);
  });

  it('d′', () => {
    expect(rates?.d_prime).toBeCloseTo(figures.d_prime, 10);
  });

  it('threshold, FMR and FNMR for each false match rate', () => {
    const found = rates?.points.map(({ wanted_fmr: wanted, point }) => ({
      wanted,
      point: point && { threshold: point.threshold, fmr: point.fmr.rate, fnmr: point.fnmr.rate },
    }));
    expect(found).toEqual(
      figures.points.map(({ wanted, point }) => ({
        wanted,
        point: point && { threshold: point.threshold, fmr: near(point.fmr), fnmr: near(point.fnmr) },
      })),
    );
  });

  it('FMR and FNMR over the threshold', () => {
    const all = new ErrorRates(genuine, impostor);
    const steps = new Map(Array.from(all.steps(), (point) => [point.threshold, point]));
    for (const { threshold, fmr, fnmr } of figures.curve) {
      for (const found of [all.at(threshold), steps.get(threshold)]) {
        expect(found?.fmr).toBeCloseTo(fmr, 12);
        expect(found?.fnmr).toBeCloseTo(fnmr, 12);
      }
    }
  });
});

/** The other side may divide and subtract in another order. */
const near = (rate: number): unknown => expect.closeTo(rate, 12);
