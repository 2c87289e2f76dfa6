import { normalDeviate } from '#face/build-calibration';
import type { ChartSpec } from '../../charts/render-svg.js';
import type { Curves } from '../statistics/curves.js';
import type { ErrorDiscard } from '../statistics/error-discard.js';

/** A part of a chart with several on the same axes. */
type Layer = Extract<ChartSpec, { layer: readonly unknown[] }>['layer'][number];

const SIZE = { width: 460, height: 280 };

/** Rates at which the axes of a DET chart are labelled. */
const DET_TICKS = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.99];

/** Names of the measures that photographs are discarded by. */
const MEASURE_NAMES: Readonly<Record<string, string>> = {
  eye_distance: 'distance between the eyes',
  sharpness: 'sharpness',
  contrast: 'contrast',
  frontal_pose: 'frontal pose',
};

/** How genuine and impostor pairs score, and the threshold in use. */
export const histogramChart = ({ histogram }: Curves, threshold: number): ChartSpec => ({
  ...SIZE,
  title: 'Scores',
  layer: [
    {
      data: {
        values: histogram.flatMap(({ from, to, genuine, impostor }) => [
          { from, to, share: genuine, pairs: 'genuine' },
          { from, to, share: impostor, pairs: 'impostor' },
        ]),
      },
      mark: { type: 'rect', opacity: 0.6 },
      encoding: {
        x: { field: 'from', type: 'quantitative', title: 'similarity', scale: { zero: false } },
        x2: { field: 'to' },
        y: { field: 'share', type: 'quantitative', title: 'share of the pairs', axis: { format: '.0%' } },
        y2: { datum: 0 },
        color: { field: 'pairs', type: 'nominal', scale: { domain: ['genuine', 'impostor'] } },
      },
    },
    thresholdRule(threshold),
  ],
});

/** FMR and FNMR over the threshold, on a logarithmic axis: rates of 0 have no place on it. */
export const ratesChart = ({ rates }: Curves, threshold: number): ChartSpec => ({
  ...SIZE,
  title: 'Error rates over the threshold',
  layer: [
    {
      data: {
        values: rates
          .flatMap(({ threshold: at, fmr, fnmr }) => [
            { at, rate: fmr, kind: 'FMR' },
            { at, rate: fnmr, kind: 'FNMR' },
          ])
          .filter(({ rate }) => rate > 0),
      },
      mark: { type: 'line', interpolate: 'step-before' },
      encoding: {
        x: { field: 'at', type: 'quantitative', title: 'threshold', scale: { zero: false } },
        y: { field: 'rate', type: 'quantitative', title: 'rate', scale: { type: 'log' }, axis: { format: '~%' } },
        color: { field: 'kind', type: 'nominal', scale: { domain: ['FMR', 'FNMR'] } },
      },
    },
    thresholdRule(threshold),
  ],
});

/** The threshold in use, as a vertical line. */
const thresholdRule = (threshold: number): Layer => ({
  data: { values: [{ threshold }] },
  mark: { type: 'rule', strokeDash: [4, 4], color: '#555' },
  encoding: { x: { field: 'threshold', type: 'quantitative' } },
});

/**
 * The detection error trade-off (DET; ISO/IEC 19795-1, Martin et al. 1997) of each detector, both axes on the scale of
 * normal deviates.
 */
export function detChart(detectors: readonly { readonly name: string; readonly curves: Curves }[]): ChartSpec {
  const ticks = DET_TICKS.map((rate) => normalDeviate(rate));
  const labels = DET_TICKS.map((rate) => `${Number((100 * rate).toPrecision(3))} %`);
  const axis = {
    values: ticks,
    labelExpr: `${JSON.stringify(labels)}[indexof(${JSON.stringify(ticks)}, datum.value)]`,
  };
  const values = detectors.flatMap(({ name, curves: { det } }) =>
    det.map(({ fmr, fnmr }, order) => ({ name, order, fmr: deviateWithin(fmr), fnmr: deviateWithin(fnmr) })),
  );
  return {
    ...SIZE,
    title: 'Detection error trade-off (DET)',
    data: { values },
    mark: { type: 'line', point: { size: 12 } },
    encoding: {
      x: { field: 'fmr', type: 'quantitative', title: 'FMR', scale: { zero: false }, axis },
      y: { field: 'fnmr', type: 'quantitative', title: 'FNMR', scale: { zero: false }, axis },
      color: { field: 'name', type: 'nominal', sort: null },
      order: { field: 'order' },
    },
  };
}

/** The deviate of a rate that may be 1, which is infinitely far away. */
const deviateWithin = (rate: number): number => normalDeviate(Math.min(rate, 0.999));

/** The FNMR of what is left when the photographs of the lowest quality are discarded. */
export const discardChart = (discards: readonly ErrorDiscard[]): ChartSpec => ({
  ...SIZE,
  title: 'Error versus discard, at the threshold in use',
  data: {
    values: discards.flatMap(({ measure, points }) =>
      points.map(([discarded, fnmr]) => ({ by: MEASURE_NAMES[measure] ?? measure, discarded, fnmr })),
    ),
  },
  mark: 'line',
  encoding: {
    x: { field: 'discarded', type: 'quantitative', title: 'genuine pairs discarded', axis: { format: '.0%' } },
    y: { field: 'fnmr', type: 'quantitative', title: 'FNMR of the rest', axis: { format: '~%' } },
    color: { field: 'by', type: 'nominal' },
  },
});
