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

/** Names of photographs to print of each failure, and pairs of each kind; report.json has more. */
const LISTED_FAILURES = 10;
const LISTED_PAIRS = 5;

/** The report as text for a terminal. */
export function printReport(report: Report): string {
  const lines = [printable(inputSummary(report)), ...report.notes.map((note) => `  ${printable(note)}`)];
  for (const detector of report.detectors)
    lines.push('', ...detectorLines(detector), ...requirementLines(report, detector));
  return `${lines.join('\n')}\n`;
}

function detectorLines(report: DetectorReport): string[] {
  const { acquisition, rates } = report;
  return [
    titleOf(report),
    ...(acquisition ? acquisitionLines(acquisition) : []),
    `  pairs: ${pairCounts(report)}`,
    ...(rates === null ? [`  ${noRates(report)}`] : rateLines(report, rates)),
  ];
}

function acquisitionLines({ acquired, attempted, fta, failures }: AcquisitionReport): string[] {
  const codes = Object.entries(failures).map(([code, names]) => {
    const shown = names.slice(0, LISTED_FAILURES).map(printable).join(', ');
    const more = names.length > LISTED_FAILURES ? ` and ${count(names.length - LISTED_FAILURES)} more` : '';
    return `    ${code}: ${shown}${more}`;
  });
  return [
    `  acquired: ${count(acquired)} of ${count(attempted)}; failure to acquire (FTA) ${withInterval(fta)}`,
    ...codes,
  ];
}

function rateLines(report: DetectorReport, rates: EvaluatedRates): string[] {
  const { eer, d_prime: separation, points, current, most_wrong: wrong, by } = rates;
  const row = (label: string, point: OperatingPoint): string[] => [
    label,
    similarity(point.threshold),
    withInterval(point.fmr),
    withInterval(point.fnmr),
  ];
  const table = columns([
    ['', 'threshold', 'FMR (95 %)', 'FNMR (95 %)'],
    ...points.map((wanted) => {
      const label = `FMR ${wantedRate(wanted.wanted_fmr)}`;
      return wanted.point === null ? [label, notEnough(wanted, report.impostor_pairs)] : row(label, wanted.point);
    }),
    row('in use', current),
  ]);
  return [
    `  EER ${equalErrorRate(eer)}${separation === null ? '' : `, d′ ${separation.toFixed(2)}`}`,
    ...table,
    `  ${bandAdvice(rates)}`,
    ...parts('face width', by.face_width),
    ...parts('colour', by.colour),
    ...parts('group', by.group),
    ...pairLines('least similar of one person', wrong.genuine),
    ...pairLines('most similar of two people', wrong.impostor),
  ];
}

function parts(by: string, rates: readonly PartRates[]): string[] {
  if (rates.length === 0) return [];
  return columns([
    [`by ${by}`, 'FMR (95 %)', 'of pairs', 'FNMR (95 %)', 'of pairs'],
    ...rates.map(({ part, fmr, fnmr }) => [
      printable(part),
      fmr === null ? '–' : withInterval(fmr),
      count(fmr?.of ?? 0),
      fnmr === null ? '–' : withInterval(fnmr),
      count(fnmr?.of ?? 0),
    ]),
  ]);
}

const pairLines = (title: string, pairs: readonly NamedPair[]): string[] =>
  pairs.length === 0
    ? []
    : [
        `  ${title}:`,
        ...pairs
          .slice(0, LISTED_PAIRS)
          .map(
            ({ similarity: value, image1, image2 }) =>
              `    ${similarity(value)}  ${printable(image1)}  ${printable(image2)}`,
          ),
      ];

const requirementLines = ({ requirements }: Report, { met }: DetectorReport): string[] =>
  requirements.map(
    ({ fmr, fnmr }, i) =>
      `  required: FNMR of ${percent(fnmr)} at FMR ${wantedRate(fmr)}: ${met[i] ? 'met' : 'MISSED'}`,
  );

/** Rows with their cells below each other, indented. A row may have fewer cells; its last one is as wide as it is. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (column < row.length - 1 ? row[column].length : 0))),
  );
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd());
}
