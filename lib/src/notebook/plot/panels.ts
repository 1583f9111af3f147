/** Several charts in one figure. */
import { Figure } from '../figure/figure';
import type { Trace } from '../figure/figureData';
import { arrangePanels } from '../figure/panelGrid';
import { defaultSize } from '../figure/theme';

/** One of the charts. */
export interface Panel {
  title: string;
  data: Trace[];
  xaxis?: object;
  yaxis?: object;
}

/** The height of a figure with one panel in pixels. */
const SINGLE = 360;

/**
 * Arranges panels in rows according to the width; a single one takes the whole figure, and its title becomes the
 * figure's.
 */
export function panelsFigure(panels: readonly Panel[], title?: string): Figure {
  if (panels.length === 1) {
    const [panel] = panels as [Panel];
    const { data, xaxis = {}, yaxis = {} } = panel;
    return new Figure(data, { title: { text: title ?? panel.title }, height: SINGLE, xaxis, yaxis });
  }
  const figure = new Figure([], {
    ...(title !== undefined && { title: { text: title } }),
    meta: { panels: panels.map((panel) => panel.title) },
  });
  const annotations: object[] = [];
  panels.forEach(({ title, data, xaxis, yaxis }, i) => {
    const suffix = i === 0 ? '' : `${i + 1}`;
    figure.data.push(...data.map((trace) => ({ ...trace, xaxis: `x${suffix}`, yaxis: `y${suffix}` })));
    figure.layout[`xaxis${suffix}`] = { ...xaxis, anchor: `y${suffix}` };
    figure.layout[`yaxis${suffix}`] = { ...yaxis, anchor: `x${suffix}` };
    annotations.push({
      text: title,
      xref: 'paper',
      yref: 'paper',
      xanchor: 'center',
      yanchor: 'bottom',
      yshift: 4,
      showarrow: false,
      font: { size: 14 },
    });
  });
  figure.layout = arrangePanels({ ...figure.layout, annotations }, panels.length, defaultSize.width);
  return figure;
}
