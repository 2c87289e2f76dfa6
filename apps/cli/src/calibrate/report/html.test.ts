import { describe, expect, it } from 'vitest';
import { ORDINARY_QUALITY } from '../quality.fixture.js';
import { evaluate } from '../statistics/evaluate.js';
import type { Report } from '../report.js';
import { drawCharts } from './draw.js';
import { htmlReport } from './html.js';
import { printReport } from './print.js';

const EVIL = `</title><script>alert('&"')</script>\n\u001b[31m`;

/** A report in which the input has put the same text wherever it can. */
function reportOf(evil: string): Report {
  const people = Uint32Array.of(0, 0, 1);
  const photographs = { first: Uint32Array.of(0, 0), second: Uint32Array.of(1, 2) };
  const pairs = (at: number, similarity: number) => ({
    similarities: Float64Array.of(similarity),
    photographs: { first: photographs.first.slice(at, at + 1), second: photographs.second.slice(at, at + 1) },
    total: 1,
  });
  const set = {
    genuine: pairs(0, 0.8),
    impostor: pairs(1, 0.1),
    photographs: {
      names: [evil, evil, evil],
      qualities: [ORDINARY_QUALITY, ORDINARY_QUALITY, ORDINARY_QUALITY],
      people,
    },
    groups: { parts: [evil], genuine: Uint32Array.of(0), impostor: Uint32Array.of(0) },
  };
  const fta = { errors: 1, of: 4, rate: 0.25, low: 0, high: 1 };
  return {
    input: evil,
    notes: [evil],
    embedder: { weights: evil, precision: evil, sha256: '' },
    crop_rule: 'square',
    people: 2,
    photographs: 4,
    requirements: [{ fmr: 0.5, fnmr: 0.1 }],
    detectors: [
      {
        detector: 'mtcnn',
        acquisition: { people: 2, attempted: 4, acquired: 3, fta, failures: { NO_FACE: [evil] } },
        ...evaluate(set, { fmr: [0.5], threshold: 0.6 }),
        met: [false],
      },
    ],
  };
}

describe('a report whose names are hostile', () => {
  it('has them as text in the page', async () => {
    const report = reportOf(EVIL);
    const page = htmlReport(report, await drawCharts(report));

    expect(page).not.toContain('<script');
    expect(page).not.toContain('\u001b');
    expect(
      page.match(/&#60;\/title&#62;&#60;script&#62;alert\(&#39;&#38;&#34;&#39;\)/g)?.length,
    ).toBeGreaterThanOrEqual(10);
    expect(page.match(/<\/title>/g)).toHaveLength(1);
  });

  it('has them on one line each in the printed text', () => {
    const text = printReport(reportOf(EVIL));
    const harmless = printReport(reportOf('name'));

    expect(text).not.toContain('\u001b');
    expect(text.split('\n')).toHaveLength(harmless.split('\n').length);
  });
});

it('a page without rates says what is missing', async () => {
  const none = { similarities: new Float64Array(), total: 0 };
  const evaluation = evaluate({ genuine: none, impostor: none }, { fmr: [0.1], threshold: 0.6 });
  const report: Report = {
    input: 'x',
    notes: [],
    requirements: [],
    detectors: [{ detector: 'mtcnn', ...evaluation, met: [] }],
  };

  expect(htmlReport(report, await drawCharts(report))).toContain('no rates: it takes two photographs of one person');
  expect(printReport(report)).toContain('no rates: it takes two photographs of one person');
});

it('draws the DET curve, the scores, the rates and error versus discard', async () => {
  const report = reportOf('name');
  const [detector] = report.detectors;
  const [one, two] = [
    { threshold: 0.1, fmr: 0.5, fnmr: 0.01 },
    { threshold: 0.4, fmr: 0.02, fnmr: 1 },
  ];
  if (detector.rates === null) throw new Error('expected rates');
  const curves = { ...detector.rates.curves, det: [one, two] };
  const discard = [{ measure: 'sharpness', points: [[0, 0.3] as const, [0.5, 0.1] as const] }];
  const rates = { ...detector.rates, curves, error_discard: discard };
  const { shared, detectors } = await drawCharts({ ...report, detectors: [{ ...detector, rates }] });
  const texts = [...shared, ...detectors.flat()].map(({ svg }) =>
    [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text),
  );

  expect(texts).toHaveLength(4);
  expect(texts[0]).toEqual(expect.arrayContaining(['FMR', 'FNMR', '5 %', '20 %', 'MTCNN']));
  expect(texts[1]).toEqual(expect.arrayContaining(['similarity', 'genuine', 'impostor']));
  expect(texts[2]).toEqual(expect.arrayContaining(['threshold', 'rate', 'FMR', 'FNMR']));
  expect(texts[3]).toEqual(expect.arrayContaining(['genuine pairs discarded', 'FNMR of the rest', 'sharpness']));
});
