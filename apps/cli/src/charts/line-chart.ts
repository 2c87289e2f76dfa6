import type { ChartSpec } from './render-svg.js';

/** A line of a chart: y over x. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

/** A line chart, both axes from zero. */
export function lineChart({ title, xLabel, yLabel, series }: LineChart): ChartSpec {
  return {
    title,
    width: 430,
    height: 270,
    data: { values: series.flatMap(({ name, points }) => points.map(([x, y], order) => ({ name, x, y, order }))) },
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: xLabel, scale: { zero: true } },
      y: { field: 'y', type: 'quantitative', title: yLabel, scale: { zero: true } },
      color: { field: 'name', type: 'nominal', sort: series.map(({ name }) => name) },
      // As measured: a line may turn back.
      order: { field: 'order' },
    },
  };
}
