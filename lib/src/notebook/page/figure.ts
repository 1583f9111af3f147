/**
 * Draws figures for the current width and background, and again when these change. If an output is replaced, its
 * drawing moves along, so that it neither flickers nor loses the reader's zoom.
 */
import { describe } from '../figure/describe';
import type { FigureData } from '../figure/figureData';
import { fitted } from '../figure/fit';
import { pageConfig, themed } from '../figure/theme';
import { isDark, onThemeChange } from './pageTheme';
import { loadPlotly, type Plotly } from './plotly';

/** An element in which Plotly has drawn. */
interface Drawing {
  readonly element: HTMLElement;
  figure?: FigureData;
  /** The values for which it was drawn. */
  width: number;
  isDark: boolean;
}

/** Drawings by output id, held weakly so that those of removed outputs can be collected. */
const drawings = new Map<string, WeakRef<Drawing>[]>();

/** Drawings by element, which keeps them alive. */
const drawingOf = new WeakMap<Element, Drawing>();

/** Draws a figure in `output`, replacing its still picture. */
export async function mountFigure(output: HTMLElement, figure: FigureData): Promise<void> {
  // Without WebGL, as on many remote desktops, the still is better than Plotly's error message.
  if (output.querySelector('img') && needsWebGL(figure) && !hasWebGL()) return;
  const left = leftDrawing(output.id);
  if (left) output.replaceChildren(left.element); // before anything is awaited: nobody sees the output empty
  const plotly = await loadPlotly();
  if (!output.isConnected) return; // replaced meanwhile
  const still = [...output.children];
  const drawing = left ?? newDrawing(output.id, plotly);
  output.replaceChildren(drawing.element);
  drawing.figure = figure;
  try {
    await draw(drawing, plotly);
  } catch (error) {
    output.replaceChildren(...still);
    throw error;
  }
}

/** Traces that Plotly draws with WebGL. */
const BY_WEBGL = /3d$|gl$|^(parcoords|splom|surface|isosurface|volume|cone|streamtube)$/;
const needsWebGL = ({ data }: FigureData): boolean => data.some(({ type }) => BY_WEBGL.test(type ?? ''));

let webGL: boolean | undefined;
function hasWebGL(): boolean {
  webGL ??= Boolean(document.createElement('canvas').getContext('webgl'));
  return webGL;
}

/** Draws for the current width and background. */
async function draw(drawing: Drawing, plotly: Plotly): Promise<void> {
  const { element, figure } = drawing;
  if (!figure) return;
  drawing.width = element.clientWidth;
  drawing.isDark = isDark(element);
  const { data, layout } = themed(figure, drawing.isDark ? 'dark' : 'light');
  element.setAttribute('role', 'figure');
  element.setAttribute('aria-label', describe(figure));
  await plotly.react(element, {
    data,
    layout: { autosize: false, uirevision: 'same', ...fitted(layout, drawing.width) },
    config: pageConfig,
  });
  if (drawing.isDark) lightenAxes(element);
}

/** Plotly draws the axes of parallel coordinates black with a white shadow, whatever its template says. */
function lightenAxes(element: Element): void {
  for (const line of element.querySelectorAll<SVGElement>('.parcoords .axis path, .parcoords .axis line'))
    line.style.stroke = '#8b949e';
  for (const text of element.querySelectorAll<SVGElement>('.parcoords text')) text.style.textShadow = 'none';
}

/**
 * A drawing of this id whose output was removed. A drawing that is still in an output, of another view perhaps, stays
 * there.
 */
function leftDrawing(id: string): Drawing | undefined {
  return drawings
    .get(id)
    ?.map((reference) => reference.deref())
    .find((drawing) => drawing && !drawing.element.isConnected);
}

function newDrawing(id: string, plotly: Plotly): Drawing {
  const element = document.createElement('div');
  const drawing: Drawing = { element, width: 0, isDark: false };
  drawingOf.set(element, drawing);
  const living = (drawings.get(id) ?? []).filter((reference) => reference.deref());
  drawings.set(id, [...living, new WeakRef(drawing)]);
  // Plotly itself can only follow the window's size, and keeps every such figure alive.
  const observer = new ResizeObserver(() => {
    const { clientWidth } = element;
    if (clientWidth > 0 && clientWidth !== drawing.width) void draw(drawing, plotly);
  });
  observer.observe(element);
  followTheme(plotly);
  return drawing;
}

let followsTheme = false;

/** After the first figure, redraws all figures in the page whenever it becomes dark or light. */
function followTheme(plotly: Plotly): void {
  if (followsTheme) return;
  followsTheme = true;
  onThemeChange(() => {
    for (const reference of [...drawings.values()].flat()) {
      const drawing = reference.deref();
      if (drawing?.element.isConnected && drawing.isDark !== isDark(drawing.element)) void draw(drawing, plotly);
    }
  });
}
