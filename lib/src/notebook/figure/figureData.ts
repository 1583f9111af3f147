/**
 * What a figure is made of, in Plotly's terms. The types say only what this library itself reads, so that a notebook needs no
 * types of Plotly; everything that Plotly takes may stand beside.
 *
 * @see https://plotly.com/javascript/reference/
 */

/** One series of points, one heatmap, one picture …: `{ type: 'scatter', x: [0, 1], y: [3, 4], name: 'loss' }`. */
export interface Trace {
  type?: string;
  name?: string;
  [attribute: string]: unknown;
}

/** Title, axes, size and the rest: `{ title: { text: 'Loss' }, xaxis: { title: { text: 'step' } } }`. */
export interface Layout {
  title?: { text?: string; [attribute: string]: unknown };
  /** Pixels; without it, a figure is as wide as its output, and its still picture 640. */
  width?: number;
  /** Pixels; 360 without it. */
  height?: number;
  [attribute: string]: unknown;
}

/** Traces and their layout. */
export interface FigureData {
  data: Trace[];
  layout: Layout;
  /** What still pictures show in its place: figures in three dimensions take a browser to draw. */
  flat?: FigureData;
  /** For what a figure says in another language by itself, the English, which stills have where there is no font for the other. */
  english?: Readonly<Record<string, string>>;
}

/** What a layout says of an axis, such as `yaxis2`. */
export function axisAt(layout: Layout, key: string): Readonly<Record<string, unknown>> {
  const axis = layout[key];
  return typeof axis === 'object' && axis !== null ? { ...axis } : {};
}

/** A figure's title as plain text, or what stands for one. */
export function titleOf({ layout }: FigureData): string {
  return layout.title?.text?.replaceAll(/<[^>]*>/g, ' ').trim() || 'Figure';
}
