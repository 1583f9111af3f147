/** The theme of figures, in pages and as stills. Runs in Node and in browsers. */
import type { FigureData } from './figureData';
import { withLogTicks } from './logTicks';
import { inColors, ONDARK_COLORS, PAPERLESS_COLORS } from './otherColors';
import { sequentialScale } from './scales';

export { type ColorScale, divergingScale, sequentialScale } from './scales';

/**
 * The colours of series, in order. They are distinguishable for colour-blind readers too (after Okabe and Ito, with
 * lighter ones darkened), and from white and black pages. `otherColors.ts` has the counterparts for dark pages.
 */
export const palette = ['#0072b2', '#d55e00', '#009e73', '#c9689b', '#b88300', '#2196cf', '#7356b0', '#6b7177'];

/** The colour of texts. */
export const textColor = '#24292f';

/** The colour of what is wrong. */
export const wrongColor = '#d00000';

/** The background for printing, and of light pages. */
export const paperColor = '#ffffff';

/** Visible on white and on black. */
const grid = 'rgba(128,128,128,0.22)';
const lines = '#8b949e';
const axis = {
  gridcolor: grid,
  zerolinecolor: grid,
  linecolor: lines,
  showline: true,
  ticks: 'outside',
  tickcolor: lines,
  ticklen: 4,
  exponentformat: 'SI',
  minexponent: 5,
  automargin: true,
  title: { standoff: 8 },
};

/** Plotly's template for all figures. The background is the page's. */
const template = {
  data: { heatmap: [{ type: 'heatmap', colorscale: sequentialScale }] },
  layout: {
    colorway: palette,
    font: { family: 'Open Sans, Helvetica, Arial, sans-serif', size: 12, color: textColor },
    title: { font: { size: 15 }, x: 0.5, xref: 'paper', y: 1, yanchor: 'top', pad: { t: 12 } },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    margin: { l: 56, r: 20, t: 44, b: 48 },
    xaxis: axis,
    yaxis: axis,
    legend: { bgcolor: 'rgba(255,255,255,0.7)', tracegroupgap: 0 },
    hoverlabel: { namelength: -1, bgcolor: paperColor, bordercolor: lines, font: { color: textColor } },
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: lines, activecolor: textColor },
  },
};

/** The default size of a figure in pixels. */
export const defaultSize = { width: 640, height: 360 };

/**
 * The background of a figure: a `light` or `dark` page, white `paper`, or `any` page, if it is unknown (a still in a
 * notebook); texts then have some contrast to both white and black.
 */
export type Background = 'light' | 'dark' | 'paper' | 'any';

/** A figure with this theme, for Plotly. Its own layout takes precedence. */
export function themed(figure: FigureData, background: Background): FigureData {
  const { data, layout } = withLogTicks(figure);
  const full: FigureData = { data, layout: { template, height: defaultSize.height, ...layout } };
  if (background === 'dark') return inColors(full, ONDARK_COLORS);
  if (background === 'any') return inColors(full, PAPERLESS_COLORS);
  return background === 'paper' ? { data, layout: { paper_bgcolor: paperColor, ...full.layout } } : full;
}

/** Plotly's configuration in a page: no logo, and no button that uploads the figure to Plotly's server. */
export const pageConfig = {
  displaylogo: false,
  showSendToCloud: false,
  modeBarButtonsToRemove: ['select2d', 'lasso2d'],
};
