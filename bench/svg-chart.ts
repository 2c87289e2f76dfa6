/** A line of a chart: y over x. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

const WIDTH = 700;
const HEIGHT = 360;
const MARGIN = { left: 60, right: 210, top: 40, bottom: 50 };
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'];

/** Draws a line chart, both axes from zero, as an SVG document. */
export function svgChart({ title, xLabel, yLabel, series }: Chart): string {
  const points = series.flatMap((line) => line.points);
  const xMax = roundUp(Math.max(...points.map(([x]) => x)));
  const yMax = roundUp(Math.max(...points.map(([, y]) => y)));
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const x = (value: number): string => (MARGIN.left + (value / xMax) * (right - MARGIN.left)).toFixed(1);
  const y = (value: number): string => (bottom - (value / yMax) * (bottom - MARGIN.top)).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${MARGIN.left}" y="22" font-size="15">${title}</text>`,
    ...ticks.flatMap((share) => [
      `<line x1="${MARGIN.left}" x2="${right}" y1="${y(share * yMax)}" y2="${y(share * yMax)}" stroke="#ddd"/>`,
      `<text x="${MARGIN.left - 8}" y="${y(share * yMax)}" dy="4" text-anchor="end">${label(share * yMax)}</text>`,
      `<text x="${x(share * xMax)}" y="${bottom + 18}" text-anchor="middle">${label(share * xMax)}</text>`,
    ]),
    `<text x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${xLabel}</text>`,
    `<text transform="translate(16 ${(MARGIN.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${yLabel}</text>`,
    ...series.flatMap(({ name, points: line }, i) => {
      const colour = COLOURS[i % COLOURS.length];
      const path = line.map(([px, py]) => `${x(px)},${y(py)}`).join(' ');
      return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...line.map(([px, py]) => `<circle cx="${x(px)}" cy="${y(py)}" r="3" fill="${colour}"/>`),
        `<rect x="${right + 14}" y="${MARGIN.top + 20 * i}" width="12" height="12" fill="${colour}"/>`,
        `<text x="${right + 32}" y="${MARGIN.top + 20 * i + 10}">${name}</text>`,
      ];
    }),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

/** Rounds up to 1, 2, 4 or 8 times a power of ten, so that the quarters are round. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 8].find((step) => step * power >= value) ?? 10) * power;
}

const label = (value: number): string => String(Math.round(value * 100) / 100);
