import { describe, expect, it } from 'vitest';
import type { AssessedFace } from '#face';
import type { Comparison } from '../../../api/src/comparison/compare-photographs.js';
import { comparisonReport } from './report.js';

const face = (warnings: AssessedFace['warnings']): AssessedFace =>
  ({ box: { x1: 10, y1: 20, x2: 110, y2: 160 }, confidence: 0.98765, foundBy: 'mtcnn', warnings }) as AssessedFace;

/** A comparison, with those of its members that a report reads. */
const comparison = (cosine: number, more: Partial<Comparison> = {}): Comparison =>
  ({
    analyses: [{ face: face([]) }, { face: face(['BLURRED', 'SEVERAL_FACES']) }],
    similarity: { cosine, euclidean: 1 },
    threshold: 0.6,
    verdict: { match: cosine >= 0.6 },
    similarityMs: 0,
    ...more,
  }) as Comparison;

const report = (result: Comparison, files: readonly [string, string] = ['a.jpg', 'b.jpg']): string[] =>
  comparisonReport({ result, loadMs: 400.4, workMs: 99.6 }, files).split('\n');

describe('comparisonReport', () => {
  it('says the verdict, why, and what may be wrong with it', () => {
    expect(report(comparison(0.75699))).toEqual([
      'Match: a.jpg and b.jpg',
      '  similarity: 0.7569 (a match from 0.6 on)',
      '  a.jpg: face of 100 × 140 px at 10,20; confidence 0.988 (mtcnn); no warnings',
      '  b.jpg: face of 100 × 140 px at 10,20; confidence 0.988 (mtcnn); warnings: blurred, not the only face',
      '  time: 100 ms, after 400 ms to load the models',
    ]);
  });

  it('does not round a similarity up to the threshold', () => {
    const [verdict, similarity] = report(comparison(0.599_99));
    expect(verdict).toBe('No match: a.jpg and b.jpg');
    expect(similarity).toContain('0.5999 ');
  });

  it('does not round a similarity below the threshold that it reaches', () => {
    expect(report(comparison(0.756_995, { threshold: 0.756_99 }))[1]).toBe(
      '  similarity: 0.756995 (a match from 0.75699 on)',
    );
  });

  it.each([
    [{ rate: 0.00012, low: 0.00005, high: 0.0003 }, '0.012 % (95 % interval 0.005 % to 0.03 %)'],
    [{ below: 0.0000299 }, 'below 0.003 % (no pair of different people scored as high)'],
  ])('says what a calibration says of it: %o', (falseMatchRate, words) => {
    expect(report(comparison(0.7, { verdict: { match: true, falseMatchRate } }))).toContain(
      `  false match rate: ${words}`,
    );
  });

  it('says that a person should decide', () => {
    expect(report(comparison(0.61, { verdict: { match: true, decision: 'review' } }))).toContain(
      '  decision: review (a person should look at the photographs)',
    );
  });

  it('has a line for every face that was compared', () => {
    const of = (cosine: number) => ({ ...comparison(cosine), face: face([]) }) as never;
    const lines = report(comparison(0.7, { matches: [of(0.7), of(-0.05)] }));
    expect(lines.filter((line) => line.startsWith('  b.jpg'))).toEqual([
      expect.stringMatching(/; similarity 0\.7, match$/),
      expect.stringMatching(/; similarity -0\.05, no match$/),
    ]);
  });

  it('shows no control character of a name', () => {
    expect(report(comparison(0.7), ['a\u001b[2J', 'b\nc'])[0]).toBe('Match: a\uFFFD[2J and b\uFFFDc');
  });
});
