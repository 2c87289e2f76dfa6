import type { ErrorRates, RatePoint } from './error-rates.js';

/** Number of bars of the histogram. */
const BARS = 80;

/** Number of points of a curve over the threshold. */
const POINTS = 200;

/** From one point of the DET curve to the next, the number of errors grows by this factor. */
const GROWTH = 1.05;

/** A bar of a histogram. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  /** Share of the genuine and of the impostor pairs. */
  readonly genuine: number;
  readonly impostor: number;
}

/** What the charts show. */
export interface Curves {
  readonly histogram: readonly Bar[];
  readonly rates: readonly RatePoint[];
  /** Points with no errors of a kind have no place on the axes. */
  readonly det: readonly RatePoint[];
}

export function curves(rates: ErrorRates): Curves {
  const [lowest, highest] = rates.range;
  const width = (highest - lowest || 1) / BARS;
  const edge = (i: number): number => lowest + i * width;
  const histogram = Array.from({ length: BARS }, (_, i) => {
    const from = edge(i);
    const to = edge(i + 1);
    const [a, b] = [rates.at(from), rates.at(i === BARS - 1 ? Infinity : to)];
    return { from, to, genuine: b.fnmr - a.fnmr, impostor: a.fmr - b.fmr };
  });
  const over = Array.from({ length: POINTS + 1 }, (_, i) => rates.at(lowest + (i / POINTS) * (highest - lowest)));
  return { histogram, rates: over, det: detPoints(rates) };
}

/** The points at which the number of either error has grown by a factor, so that the curve is as smooth everywhere. */
function detPoints(rates: ErrorRates): RatePoint[] {
  const points: RatePoint[] = [];
  for (const point of rates.steps()) {
    if (point.fmr === 0 || point.fnmr === 0) continue;
    const last = points.at(-1);
    if (last === undefined || last.fmr / point.fmr >= GROWTH || point.fnmr / last.fnmr >= GROWTH) points.push(point);
  }
  return points;
}
