/**
 * Figures are created in the colours of light pages. This module has their counterparts for other backgrounds; a test
 * checks their contrast. Runs in Node and in browsers.
 */
import { colorsOf, type Rgb, rgbOf } from './colors';
import type { FigureData, Layout, Trace } from './figureData';
import { recoloredPng } from './pngPalette';
import { type ColorScale, divergingScale } from './scales';

/** By the colour on a light page. */
export type Colors = Readonly<Record<string, string>>;

/** For dark pages: series and texts are lighter, and scales begin near black. */
export const ONDARK_COLORS: Colors = {
  '#0072b2': '#56a8e8',
  '#d55e00': '#ff8b3d',
  '#009e73': '#2fc08f',
  '#c9689b': '#e79ac4',
  '#b88300': '#e6b422',
  '#2196cf': '#9bdcff',
  '#7356b0': '#a894ea',
  '#6b7177': '#a9aeb5',
  '#8a5a2b': '#c08a55',
  '#7d9200': '#c3da5a',
  '#24292f': '#d9dde3',
  '#d00000': '#ff7b72',
  '#b8bdc4': '#5d646c',
  '#ffffff': '#121417',
  // sequentialScale
  '#f7fbff': '#101c28',
  '#c6dbef': '#123c63',
  '#6baed6': '#2272b4',
  '#2171b5': '#73b7ea',
  '#08306b': '#dbefff',
  // divergingScale
  '#004c7a': '#a6d8fa',
  '#5ba3cf': '#3c86ba',
  '#f7f7f7': '#1b1f24',
  '#e98f5a': '#bd6630',
  '#9c3f00': '#ffbd91',
};

/** For unknown backgrounds: texts are mid-grey, and white areas that only hide what is behind are omitted. */
export const PAPERLESS_COLORS: Colors = {
  '#24292f': '#767676',
  '#d00000': '#e03131',
  '#ffffff': 'rgba(128,128,128,0)',
};

/**
 * A figure in other colours. For unknown backgrounds, which only stills have, a trace's attributes are overridden by
 * its `inStills`.
 */
export function inColors({ data, layout }: FigureData, colors: Colors): FigureData {
  return {
    data: data.map((trace) => traceIn(trace, colors)),
    layout: recolored(layout, colors) as Layout,
  };
}

function traceIn(trace: Trace, colors: Colors): Trace {
  const changed = recolored(trace, colors) as Trace;
  if (colors === PAPERLESS_COLORS) return { ...changed, ...(typeof changed.inStills === 'object' && changed.inStills) };
  if (colors !== ONDARK_COLORS) return changed;
  const { source, inDark } = trace;
  if (typeof source === 'string' && (inDark === 'ink' || inDark === 'weights'))
    return { ...changed, source: recoloredPng(source, pictures[inDark]) };
  return { ...changed, ...(typeof inDark === 'object' && inDark) };
}

/**
 * How the colours of pictures change on dark pages, by a trace's `inDark`; an object there overrides the trace's
 * attributes.
 */
const pictures: Record<'ink' | 'weights', (color: Rgb) => Rgb> = {
  ink: ([red, green, blue]) => {
    if (red !== green || green !== blue) return darkOf([red, green, blue]);
    const [paper, ink] = [rgbOf('#22272d'), rgbOf('#f3f5f7')];
    const mix = (channel: 0 | 1 | 2) => Math.round(ink[channel] + (red / 255) * (paper[channel] - ink[channel]));
    return [mix(0), mix(1), mix(2)];
  },
  weights: (color) => weightColors.get(`${color}`) ?? color,
};

/** The number of colours for weights. More couldn't be distinguished, and would make the picture larger. */
export const WEIGHT_STEPS = 41;

const weightColors = new Map<string, Rgb>();
{
  const dark = colorsOf(inDarkPages(divergingScale), WEIGHT_STEPS);
  for (const [i, color] of colorsOf(divergingScale, WEIGHT_STEPS).entries()) weightColors.set(`${color}`, dark[i]!);
}

/** A colour scale for dark pages. */
export function inDarkPages(scale: ColorScale): ColorScale {
  return scale.map(([place, color]) => [place, ONDARK_COLORS[color] ?? color] as const);
}

const darkOf = (color: Rgb): Rgb => {
  const hex = `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
  return rgbOf(ONDARK_COLORS[hex] ?? hex);
};

/** Properties with values and texts, which contain no colours. */
const notColors = new Set([
  'x',
  'y',
  'z',
  'text',
  'hovertext',
  'customdata',
  'source',
  'name',
  'inDark',
  'tickvals',
  'ticktext',
]);

/** Replaces colours wherever they occur, alone or as `rgba(…)`. */
function recolored(value: unknown, colors: Colors): unknown {
  if (typeof value === 'string') return colors[value] ?? (value.startsWith('rgba(') ? rgbaIn(value, colors) : value);
  if (Array.isArray(value)) return value.map((one) => recolored(one, colors));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, notColors.has(key) ? one : recolored(one, colors)]),
  );
}

function rgbaIn(color: string, colors: Colors): string {
  const [red = 0, green = 0, blue = 0, opacity = 1] = color.slice(5, -1).split(',').map(Number);
  const other = colors[`#${[red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`];
  return other?.startsWith('#') ? `rgba(${rgbOf(other)},${opacity})` : (other ?? color);
}
