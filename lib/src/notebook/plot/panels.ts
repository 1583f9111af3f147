/** Charts side by side in one figure. */
import { Figure } from '../figure/figure';
import type { Trace } from '../figure/figureData';

/** One of the charts. */
export interface Panel {
  title: string;
  data: Trace[];
  xaxis?: object;
  yaxis?: object;
}

/** Heights in pixels: of the figure with one panel, of a row of several, and of what stands between the rows. */
const SINGLE = 360;
const ROW = 250;
const GAP = 74;
const MARGIN = { top: 48, bottom: 48 };

/** Panels in rows of two; a single one takes the whole figure, its title that of the figure. */
export function panelsFigure(panels: readonly Panel[], title?: string): Figure {
  if (panels.length === 1) {
    const [panel] = panels as [Panel];
    const { data, xaxis = {}, yaxis = {} } = panel;
    return new Figure(data, { title: { text: title ?? panel.title }, height: SINGLE, xaxis, yaxis });
  }
  const rows = Math.ceil(panels.length / 2);
  const plotted = rows * ROW - GAP;
  const top = MARGIN.top + (title === undefined ? 0 : 24);
  const figure = new Figure([], {
    ...(title !== undefined && { title: { text: title } }),
    height: plotted + top + MARGIN.bottom,
    margin: { t: top, b: MARGIN.bottom },
  });
  const annotations: object[] = [];
  panels.forEach(({ title, data, xaxis, yaxis }, i) => {
    const suffix = i === 0 ? '' : `${i + 1}`;
    const column = i % 2;
    const row = Math.floor(i / 2);
    const x = column === 0 ? [0, 0.45] : [0.55, 1];
    const y = [1 - (row * ROW + ROW - GAP) / plotted, 1 - (row * ROW) / plotted].map((share) => Math.max(0, share));
    figure.data.push(...data.map((trace) => ({ ...trace, xaxis: `x${suffix}`, yaxis: `y${suffix}` })));
    figure.layout[`xaxis${suffix}`] = { ...xaxis, domain: x, anchor: `y${suffix}` };
    figure.layout[`yaxis${suffix}`] = { ...yaxis, domain: y, anchor: `x${suffix}` };
    annotations.push({
      text: title,
      x: (x[0]! + x[1]!) / 2,
      y: y[1],
      xref: 'paper',
      yref: 'paper',
      xanchor: 'center',
      yanchor: 'bottom',
      yshift: 4,
      showarrow: false,
      font: { size: 14 },
    });
  });
  figure.layout.annotations = annotations;
  return figure;
}
