/** Still pictures of figures, made by Plotly, like those in the page. */
import { messageOf } from '../../runtime/errorContext';
import { UnimplementedError } from '../../runtime/errors';
import { notebookHost } from '../../runtime/notebookHost';
import { needPackages } from '../../runtime/optionalPackages';
import { describe } from './describe';
import { drawStill } from './drawStill';
import type { FigureData } from './figureData';
import { englishTexts } from './figureText';
import type { Still } from './html';
import { PLOTLY } from './plotlyFile';
import { drawElsewhere } from './stillThread';
import { type Background, themed } from './theme';

/** A still picture in PNG format. */
export type PngStill = Still & { png: Uint8Array };

let failed = false;

/** Types of traces that need WebGL, and so a browser. Here, Plotly would never finish drawing them. */
const WEBGL = /3d$|gl$|^(surface|isosurface|volume|cone|streamtube)$/;

/**
 * Draws the still picture of a figure.
 *
 * @param background the intended background
 * @throws {UnimplementedError} when only a browser can draw it
 * @throws {FailedPreconditionError} when a required package isn't installed
 */
export async function still(figure: FigureData, background: Background = 'paper'): Promise<PngStill> {
  const type = (figure.flat ?? figure).data.map(({ type }) => type).find((type) => type && WEBGL.test(type));
  if (type)
    throw new UnimplementedError(
      `only a browser draws traces of type ${type}; set the figure's flat to one in their place`,
    );
  needPackages('a still picture of a figure', PLOTLY, 'jsdom', '@napi-rs/canvas', '@expo-google-fonts/open-sans');
  const flat: FigureData = { ...themed(figure.flat ?? figure, background), english: englishTexts() };
  // A notebook's kernel continues meanwhile, and gets its memory back. A program waits for its picture anyway.
  const isKernel = notebookHost()?.takesLaterForms !== undefined;
  const drawn = await (isKernel ? drawElsewhere(flat) : drawStill(structuredClone(flat)));
  return { ...drawn, alt: describe(figure) };
}

/**
 * Draws the still picture of a figure for a notebook, which may be shown on any background; undefined if that isn't
 * possible. The first time, a warning says why.
 */
export async function stillIfPossible(figure: FigureData): Promise<PngStill | undefined> {
  try {
    return await still(figure, 'any');
  } catch (error) {
    if (!failed) console.warn(`figures have no still pictures here: ${messageOf(error)}`);
    failed = true;
    return undefined;
  }
}
