/** Adapts a figure's layout to the available width. Runs in Node and in browsers. */
import type { Layout } from './figureData';
import { arrangePanels } from './panelGrid';

/** How this library's own figures adapt, stored in Plotly's `meta`, which Plotly ignores. */
export interface LayoutMeta {
  /** The titles of panels. */
  readonly panels?: readonly string[];
  /** Whether the height is proportional to the width, as for pictures. */
  readonly keepsAspect?: boolean;
  /** A description in words. */
  readonly alt?: string;
}

/** Pixels: in a narrower figure, a legend next to the curves would leave them no room. */
const LEGEND_BESIDE = 760;
/** The height of a line in a legend below the curves. */
const LEGEND_LINE = 22;

/**
 * A layout for an output of a given width in pixels: figures with a width of their own are no wider than the output;
 * all others are as wide.
 */
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

/** The height for another width, with constant margins. */
function heightFor({ width = 0, height = 0, margin = {} }: Layout, across: number): { height: number } {
  const { l = 0, r = 0, t = 0, b = 0 } = margin as Record<'l' | 'r' | 't' | 'b', number | undefined>;
  const share = (across - l - r) / (width - l - r);
  return { height: Math.round(t + b + Math.max(0, share) * (height - t - b)) };
}

/** Moves the legend below the curves if there is no room next to them. */
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
