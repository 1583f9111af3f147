/** A figure's layout in the width that there is. Nothing here needs Node or a browser. */
import type { Layout } from './figureData';
import { arrangePanels } from './panelGrid';

/** What this library's own figures say of how they fit, in Plotly's `meta`, which it leaves alone. */
export interface LayoutMeta {
  /** The titles of charts side by side. */
  readonly panels?: readonly string[];
  /** That height goes with width, as in pictures. */
  readonly keepsAspect?: boolean;
  /** What is seen, in words. */
  readonly alt?: string;
}

/** Pixels: a legend beside a narrower figure would leave its curves no room. */
const LEGEND_BESIDE = 760;
/** A line of a legend below. */
const LEGEND_LINE = 22;

/** A layout for an output of so many pixels: a figure that says its width is no wider than the output, and any other is as wide. */
export function fitted(layout: Layout, available: number): Layout {
  if (!(available > 0)) return layout;
  const meta = (layout.meta ?? {}) as LayoutMeta;
  const { width = available } = layout;
  const across = Math.min(width, available);
  const arranged = meta.panels ? arrangePanels(layout, meta.panels.length, across) : layout;
  return withLegend({
    ...arranged,
    width: across,
    ...(meta.keepsAspect && across < width && heightFor(layout, across)),
  });
}

/** The height at another width, with the same pixels around what is drawn. */
function heightFor({ width = 0, height = 0, margin = {} }: Layout, across: number): { height: number } {
  const { l = 0, r = 0, t = 0, b = 0 } = margin as Record<'l' | 'r' | 't' | 'b', number | undefined>;
  const share = (across - l - r) / (width - l - r);
  return { height: Math.round(t + b + Math.max(0, share) * (height - t - b)) };
}

/** Where a legend has no room beside the curves, it is below them. */
function withLegend(layout: Layout): Layout {
  const { width = 0, height, showlegend, legend } = layout;
  if (!showlegend || width >= LEGEND_BESIDE || (legend && ('x' in (legend as object) || 'y' in (legend as object))))
    return layout;
  return {
    ...layout,
    ...(height !== undefined && { height: height + LEGEND_LINE }),
    legend: {
      ...(legend as object),
      orientation: 'h',
      x: 0,
      xanchor: 'left',
      yref: 'container',
      y: 0,
      yanchor: 'bottom',
    },
  };
}
