/**
 * The data of a figure, in Plotly's terms. The types contain only what this library reads, so that a notebook doesn't
 * need Plotly's types; all other Plotly properties are allowed too.
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
  /** Pixels; if left out, a figure is as wide as its output, and its still picture 640 pixels. */
  width?: number;
  /** Pixels; if left out, 360. */
  height?: number;
  [attribute: string]: unknown;
}

/** Traces and their layout. */
export interface FigureData {
  data: Trace[];
  layout: Layout;
  /** What still pictures show instead: three-dimensional figures can be drawn only in a browser. */
  flat?: FigureData;
  /** The English versions of built-in texts in another language, for stills without a font for that language. */
  english?: Readonly<Record<string, string>>;
}

/** The layout of an axis, such as `yaxis2`. */
export function axisAt(layout: Layout, key: string): Readonly<Record<string, unknown>> {
  const axis = layout[key];
  return typeof axis === 'object' && axis !== null ? { ...axis } : {};
}

/** A figure's title as plain text, or a substitute. */
export function titleOf({ layout }: FigureData): string {
  return layout.title?.text?.replaceAll(/<[^>]*>/g, ' ').trim() || 'Figure';
}
