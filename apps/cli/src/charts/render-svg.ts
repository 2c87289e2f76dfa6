import type { Config, TopLevelSpec } from 'vega-lite';

/** A chart in vega-lite's terms, without what all charts have in common. */
export type ChartSpec = TopLevelSpec;

/** Easy to tell apart for people who see colours differently (Okabe and Ito). */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'];

const CONFIG: Config = {
  background: 'white',
  font: 'sans-serif',
  padding: 12,
  title: { anchor: 'start', fontSize: 15, fontWeight: 'normal' },
  axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', gridColor: '#ddd' },
  legend: { labelFontSize: 12, labelLimit: 300, title: null },
  range: { category: COLOURS },
};

/**
 * Draws a chart as an SVG document that needs neither scripts nor the network. Loads vega on first use: it takes about
 * a second, and the service never draws.
 */
export async function renderSvg(spec: ChartSpec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec: compiled } = compile(spec, { config: CONFIG });
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Error });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
