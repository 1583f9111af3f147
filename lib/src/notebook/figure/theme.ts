/** How figures look, in the page and as still pictures alike. Nothing here needs Node or a browser. */
import type { FigureData } from './figureData';
import { withLogTicks } from './logTicks';
import { inColors, ONDARK_COLORS, PAPERLESS_COLORS } from './otherColors';
import { sequentialScale } from './scales';

export { type ColorScale, divergingScale, sequentialScale } from './scales';

/**
 * Colours of series, in their order; told apart by colour-blind readers too (after Okabe and Ito, the lighter ones darker), and from white and black
 * pages. Each has another in dark pages: `otherColors.ts`.
 */
export const palette = ['#0072b2', '#d55e00', '#009e73', '#c9689b', '#b88300', '#2196cf', '#7356b0', '#6b7177'];

/** The colour of texts. */
export const textColor = '#24292f';

/** The colour of what is wrong. */
export const wrongColor = '#d00000';

/** The background of what is printed, and of pages that are light. */
export const paperColor = '#ffffff';

/** Seen on white and on black. */
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

/** Plotly's template of every figure. What stands behind it is the page's. */
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

/** The size, in pixels, of a figure that says none. */
export const defaultSize = { width: 640, height: 360 };

/**
 * What a figure is drawn on: a `light` or a `dark` page, white `paper`, or `any` page, of which nobody knows how it looks (a still in
 * a notebook that is shown somewhere): its texts stand out from white and from black then, though less.
 */
export type Background = 'light' | 'dark' | 'paper' | 'any';

/** A figure with this theme, for Plotly to draw. What its layout says itself, it keeps. */
export function themed(figure: FigureData, background: Background): FigureData {
  const { data, layout } = withLogTicks(figure);
  const full: FigureData = { data, layout: { template, height: defaultSize.height, ...layout } };
  if (background === 'dark') return inColors(full, ONDARK_COLORS);
  if (background === 'any') return inColors(full, PAPERLESS_COLORS);
  return background === 'paper' ? { data, layout: { paper_bgcolor: paperColor, ...full.layout } } : full;
}

/** Plotly's own settings in a page: no logo, and no button that uploads the figure to Plotly's server. */
export const pageConfig = {
  displaylogo: false,
  showSendToCloud: false,
  modeBarButtonsToRemove: ['select2d', 'lasso2d'],
};
