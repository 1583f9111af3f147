/** How figures look, in the page and as still pictures alike. Nothing here needs Node or a browser. */
import type { FigureData } from './figureData';

/** Colours of series, in their order; told apart by colour-blind readers too (after Okabe and Ito). */
export const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#6a51a3', '#595959'];

/** The colour of texts. */
export const textColor = '#24292f';

/** The colour of what is wrong. */
export const wrongColor = '#d00000';

/** A colour scale: places from 0 to 1 and their colours, between which colours are mixed. */
export type ColorScale = readonly (readonly [place: number, color: string])[];

/** From nothing to much. */
export const sequentialScale: ColorScale = [
  [0, '#f7fbff'],
  [0.25, '#c6dbef'],
  [0.5, '#6baed6'],
  [0.75, '#2171b5'],
  [1, '#08306b'],
];

/** From less than zero to more; zero in the middle is nearly white. */
export const divergingScale: ColorScale = [
  [0, '#004c7a'],
  [0.25, '#5ba3cf'],
  [0.5, '#f7f7f7'],
  [0.75, '#e98f5a'],
  [1, '#9c3f00'],
];

const grid = '#e6e8eb';
const axis = {
  gridcolor: grid,
  zerolinecolor: grid,
  linecolor: '#8b949e',
  showline: true,
  ticks: 'outside',
  tickcolor: '#8b949e',
  ticklen: 4,
  exponentformat: 'SI',
  minexponent: 5,
  automargin: true,
  title: { standoff: 8 },
};

/** Plotly's template of every figure. The background is white in a dark page too, as the stills have it. */
const template = {
  data: { heatmap: [{ type: 'heatmap', colorscale: sequentialScale }] },
  layout: {
    colorway: palette,
    font: { family: 'Open Sans, Helvetica, Arial, sans-serif', size: 12, color: textColor },
    title: { font: { size: 15 }, x: 0.5, xref: 'paper', y: 1, yanchor: 'top', pad: { t: 12 } },
    paper_bgcolor: '#ffffff',
    plot_bgcolor: '#ffffff',
    margin: { l: 56, r: 20, t: 44, b: 48 },
    xaxis: axis,
    yaxis: axis,
    legend: { bgcolor: 'rgba(255,255,255,0.7)', tracegroupgap: 0 },
    hoverlabel: { namelength: -1 },
  },
};

/** The size, in pixels, of a figure that says none. */
export const defaultSize = { width: 640, height: 360 };

/** A figure with this theme, for Plotly to draw. What its layout says itself, it keeps. */
export function themed({ data, layout }: FigureData): FigureData {
  return { data, layout: { template, height: defaultSize.height, ...layout } };
}

/** Plotly's own settings in a page: no logo, and no button that uploads the figure to Plotly's server. */
export const pageConfig = {
  displaylogo: false,
  showSendToCloud: false,
  modeBarButtonsToRemove: ['select2d', 'lasso2d'],
};
