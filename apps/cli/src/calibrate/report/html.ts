import { printable } from '../../output.js';
import type { AcquisitionReport, DetectorReport, Report } from '../report.js';
import type { PartRates } from '../statistics/breakdown.js';
import type { EvaluatedRates, OperatingPoint } from '../statistics/evaluate.js';
import type { NamedPair } from '../statistics/most-wrong.js';
import {
  bandAdvice,
  count,
  equalErrorRate,
  inputSummary,
  noRates,
  notEnough,
  pairCounts,
  percent,
  similarity,
  titleOf,
  wantedRate,
  withInterval,
} from './wording.js';

/** A chart as an SVG document, and what it shows in words. */
export interface DrawnChart {
  readonly svg: string;
  readonly alt: string;
}

/** The charts of a report. */
export interface ReportCharts {
  /** Of all detectors together. */
  readonly shared: readonly DrawnChart[];
  /** Of each detector, in the report's order. */
  readonly detectors: readonly (readonly DrawnChart[])[];
}

/** HTML that is safe as it is, because {@link markup} made it. */
class Markup {
  constructor(readonly text: string) {}
}

type Content = string | number | Markup | readonly Content[];

/** Puts values into HTML: whatever is not markup itself is escaped. Not named html, which Prettier would reformat. */
function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.reduce((text, part, i) => text + render(values[i - 1]) + part));
}

function render(value: Content): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('\n');
  return printable(String(value)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = new Markup(`
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
  table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
  th, td { text-align: left; padding: 0.2rem 1.2rem 0.2rem 0; border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
  img { max-width: 100%; }
  .missed { color: #b00020; font-weight: bold; }
  @media print { body { max-width: none; } }
`);

/** Nothing is loaded, and nothing runs: the charts are in the page. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** The report as a page that opens without a network. */
export function htmlReport(report: Report, charts: ReportCharts): string {
  const { embedder } = report;
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Calibration report</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <h1>Calibration report</h1>
        <p>${inputSummary(report)}</p>
        ${embedder === undefined ? '' : markup`<p>Weights ${embedder.weights}, ${embedder.precision}; crop rule ${report.crop_rule ?? ''}</p>`}
        ${report.notes.map((note) => markup`<p>${note}</p>`)}
        <p>
          Rates as in ISO/IEC 19795-1, with 95 % intervals: FMR, false match rate; FNMR, false non-match rate; FTA,
          failure to acquire; EER, equal error rate. Pairs with a similarity at or above the threshold match.
        </p>
        ${charts.shared.map(image)}
        ${report.detectors.map((detector, i) => detectorSection(report, detector, charts.detectors[i]))}
      </body>
    </html> `;
  return page.text;
}

const image = ({ svg, alt }: DrawnChart): Markup =>
  // As images, the charts cannot share identifiers.
  markup`<p><img alt="${alt}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}" /></p>`;

function detectorSection(report: Report, detector: DetectorReport, charts: readonly DrawnChart[]): Markup {
  const { acquisition, rates } = detector;
  return markup`<h2>${titleOf(detector)}</h2>
    ${acquisition === undefined ? '' : acquisitionPart(acquisition)}
    <p>Pairs: ${pairCounts(detector)}</p>
    ${rates === null ? markup`<p>${noRates(detector)}</p>` : ratesPart(detector, rates)}
    ${report.requirements.map(
      ({ fmr, fnmr }, i) =>
        markup`<p${detector.met[i] ? '' : new Markup(' class="missed"')}>Required: FNMR of ${percent(fnmr)} at FMR ${wantedRate(fmr)}: ${detector.met[i] ? 'met' : 'missed'}</p>`,
    )}
    ${charts.map(image)} ${rates === null ? '' : pairsPart(rates)}`;
}

const acquisitionPart = ({ acquired, attempted, fta, failures }: AcquisitionReport): Markup =>
  markup`<p>
      Acquired: ${count(acquired)} of ${count(attempted)} photographs; failure to acquire (FTA) ${withInterval(fta)}
    </p>
    ${Object.entries(failures).map(
      ([code, names]) =>
        markup`<details>
          <summary>${code}: ${count(names.length)}</summary>
          ${names.map((name) => markup`${name}<br />`)}
        </details>`,
    )}`;

function ratesPart(report: DetectorReport, rates: EvaluatedRates): Markup {
  const { eer, d_prime: separation, points, current, by } = rates;
  const cells = ({ threshold, fmr, fnmr }: OperatingPoint): Markup =>
    markup`<td>${similarity(threshold)}</td>
      <td>${withInterval(fmr)}</td>
      <td>${withInterval(fnmr)}</td>`;
  return markup`<p>
      EER ${equalErrorRate(eer)}${separation === null ? '' : `, d′ ${separation.toFixed(2)}`}
    </p>
    <table>
      <tr>
        <th></th>
        <th>Threshold</th>
        <th>FMR (95 %)</th>
        <th>FNMR (95 %)</th>
      </tr>
      ${points.map(
        (wanted) =>
          markup`<tr>
            <td>FMR ${wantedRate(wanted.wanted_fmr)}</td>
            ${wanted.point === null ? markup`<td colspan="3">${notEnough(wanted, report.impostor_pairs)}</td>` : cells(wanted.point)}
          </tr>`,
      )}
      <tr>
        <td>In use</td>
        ${cells(current)}
      </tr>
    </table>
    <p>${bandAdvice(rates)}</p>
    ${partsTable('face width', by.face_width)} ${partsTable('colour', by.colour)} ${partsTable('group', by.group)}`;
}

function partsTable(by: string, parts: readonly PartRates[]): Content {
  if (parts.length === 0) return '';
  return markup`<table>
    <tr>
      <th>By ${by}, threshold in use</th>
      <th>FMR (95 %)</th>
      <th>of pairs</th>
      <th>FNMR (95 %)</th>
      <th>of pairs</th>
    </tr>
    ${parts.map(
      ({ part, fmr, fnmr }) =>
        markup`<tr>
          <td>${part}</td>
          <td>${fmr === null ? '–' : withInterval(fmr)}</td>
          <td>${count(fmr?.of ?? 0)}</td>
          <td>${fnmr === null ? '–' : withInterval(fnmr)}</td>
          <td>${count(fnmr?.of ?? 0)}</td>
        </tr>`,
    )}
  </table>`;
}

const pairsPart = ({ most_wrong: { genuine, impostor } }: EvaluatedRates): Markup =>
  markup`${pairsTable('Least similar pairs of one person', genuine)}
  ${pairsTable('Most similar pairs of two people', impostor)}`;

function pairsTable(title: string, pairs: readonly NamedPair[]): Content {
  if (pairs.length === 0) return '';
  return markup`<h3>${title}</h3>
    <table>
      ${pairs.map(
        ({ similarity: value, image1, image2 }) =>
          markup`<tr>
            <td>${similarity(value)}</td>
            <td>${image1}</td>
            <td>${image2}</td>
          </tr>`,
      )}
    </table>`;
}
