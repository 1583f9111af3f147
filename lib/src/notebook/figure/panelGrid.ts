/** Arranges panels in a figure; the number per row depends on the width. Runs in Node and in browsers. */
import { axisAt, type Layout } from './figureData';

/** Pixels: the height of a row, the gap between rows, and the margins above and below. */
const ROW = 250;
const GAP = 74;
const MARGIN = { top: 48, bottom: 48 };
const TITLE = 24;
/** Pixels: the minimum width of a panel, and the gap between two of them. */
const NARROWEST = 300;
const BETWEEN = 64;
const MOST = 3;

/** The number of panels per row for a width in pixels. */
export function columnsIn(width: number, panels: number): number {
  return Math.max(1, Math.min(MOST, panels, Math.floor(width / NARROWEST)));
}

/**
 * Arranges the panels of a layout, `xaxis` with `yaxis`, `xaxis2` with `yaxis2` …, in rows, each below its title
 * annotation.
 */
export function arrangePanels(layout: Layout, panels: number, width: number): Layout {
  const columns = columnsIn(width, panels);
  const rows = Math.ceil(panels / columns);
  const plotted = rows * ROW - GAP;
  const top = MARGIN.top + (layout.title === undefined ? 0 : TITLE);
  const arranged: Layout = {
    ...layout,
    height: plotted + top + MARGIN.bottom,
    margin: { ...(layout.margin as object), t: top, b: MARGIN.bottom },
  };
  const between = columns > 1 ? Math.min(0.1, BETWEEN / width) : 0;
  const across = (1 - between * (columns - 1)) / columns;
  const annotations = (layout.annotations ?? []) as object[];
  arranged.annotations = annotations.map((annotation, i) => {
    if (i >= panels) return annotation;
    const left = (i % columns) * (across + between);
    const row = Math.floor(i / columns);
    const x = [left, Math.min(1, left + across)];
    const y = [1 - (row * ROW + ROW - GAP) / plotted, 1 - (row * ROW) / plotted].map((share) => Math.max(0, share));
    const suffix = i === 0 ? '' : `${i + 1}`;
    for (const [axis, domain] of [
      ['xaxis', x],
      ['yaxis', y],
    ] as const)
      arranged[`${axis}${suffix}`] = { ...axisAt(layout, `${axis}${suffix}`), domain };
    return { ...annotation, x: (x[0]! + x[1]!) / 2, y: y[1] };
  });
  return arranged;
}
