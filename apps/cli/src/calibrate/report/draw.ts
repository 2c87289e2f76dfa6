import { renderSvg } from '../../charts/render-svg.js';
import type { DetectorReport, Report } from '../report.js';
import { detChart, discardChart, histogramChart, ratesChart } from './charts.js';
import type { DrawnChart, ReportCharts } from './html.js';
import { titleOf } from './wording.js';

/** Draws the charts of a report. */
export async function drawCharts({ detectors }: Report): Promise<ReportCharts> {
  const named = detectors.flatMap((detector) =>
    detector.rates === null ? [] : [{ name: titleOf(detector), curves: detector.rates.curves }],
  );
  const shared: DrawnChart[] = [];
  // Without errors of both kinds at one threshold there is no curve.
  if (named.some(({ curves }) => curves.det.length > 0)) {
    shared.push({ svg: await renderSvg(detChart(named)), alt: 'Detection error trade-off: FNMR over FMR' });
  }
  const ofEach: DrawnChart[][] = [];
  for (const detector of detectors) ofEach.push(await detectorCharts(detector));
  return { shared, detectors: ofEach };
}

async function detectorCharts({ rates }: DetectorReport): Promise<DrawnChart[]> {
  if (rates === null) return [];
  const { curves, current, error_discard: discards } = rates;
  const charts = [
    { svg: await renderSvg(histogramChart(curves, current.threshold)), alt: 'Scores of genuine and impostor pairs' },
    { svg: await renderSvg(ratesChart(curves, current.threshold)), alt: 'FMR and FNMR over the threshold' },
  ];
  if (discards.length > 0) {
    charts.push({ svg: await renderSvg(discardChart(discards)), alt: 'FNMR over the share of pairs discarded' });
  }
  return charts;
}
