/** Draws figures; where an output is replaced its drawing moves along, so that it neither flickers nor loses the reader's zoom. */
import type { FigureData } from '../figure/figureData';
import { pageConfig, themed } from '../figure/theme';
import { loadPlotly, type Plotly } from './plotly';

/** By the id of their outputs: the elements that Plotly has drawn in. Weakly, so that those of outputs that are gone can go. */
const drawings = new Map<string, WeakRef<HTMLElement>[]>();

/** Draws a figure in `output`, in the place of its still picture. */
export async function mountFigure(output: HTMLElement, figure: FigureData): Promise<void> {
  const left = leftDrawing(output.id);
  if (left) output.replaceChildren(left); // before anything is awaited: nobody sees the output empty
  const plotly = await loadPlotly();
  if (!output.isConnected) return; // replaced meanwhile
  const still = [...output.children];
  const drawing = left ?? newDrawing(output.id, plotly);
  output.replaceChildren(drawing);
  const { data, layout } = themed(figure);
  try {
    await plotly.react(drawing, {
      data,
      layout: { autosize: layout.width === undefined, uirevision: output.id, ...layout },
      config: pageConfig,
    });
  } catch (error) {
    output.replaceChildren(...still);
    throw error;
  }
}

/** A drawing of this id whose output is gone. One that still stands in an output, of another view perhaps, stays there. */
function leftDrawing(id: string): HTMLElement | undefined {
  return drawings
    .get(id)
    ?.map((reference) => reference.deref())
    .find((drawing) => drawing && !drawing.isConnected);
}

function newDrawing(id: string, plotly: Plotly): HTMLElement {
  const drawing = document.createElement('div');
  const living = (drawings.get(id) ?? []).filter((reference) => reference.deref());
  drawings.set(id, [...living, new WeakRef(drawing)]);
  // Plotly itself can follow the window's size only, and holds on to every figure that does.
  const observer = new ResizeObserver(() => {
    if (drawing.clientWidth > 0 && 'layout' in drawing) void plotly.Plots.resize(drawing);
  });
  observer.observe(drawing);
  return drawing;
}
