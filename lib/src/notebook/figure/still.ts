/** Still pictures of figures, made by the Plotly that also draws them in the page. */
import { messageOf } from '../../runtime/errorContext';
import { UnimplementedError } from '../../runtime/errors';
import { type FigureData, titleOf } from './figureData';
import type { Still } from './html';
import { encodePng, reduceColors } from './png';
import { fontFamily, loadRenderer, type Renderer } from './stillRenderer';
import { defaultSize, themed } from './theme';

/** A still picture that is a PNG. */
export type PngStill = Still & { png: Uint8Array };

let renderer: Promise<Renderer> | undefined;
let failed = false;

/** Types of traces that only a browser draws, by WebGL. Plotly never comes to an end with them here. */
const WEBGL = /3d$|gl$|^(surface|isosurface|volume|cone|streamtube)$/;

/**
 * The still picture of a figure.
 *
 * @throws {UnimplementedError} when only a browser can draw it
 * @throws {FailedPreconditionError} when a package that it takes isn't installed
 */
export async function still(figure: FigureData): Promise<PngStill> {
  const type = (figure.flat ?? figure).data.map(({ type }) => type).find((type) => type && WEBGL.test(type));
  if (type)
    throw new UnimplementedError(
      `only a browser draws traces of type ${type}; set the figure's flat to one in their place`,
    );
  renderer ??= loadRenderer().catch((error: unknown) => {
    renderer = undefined; // what is missing may be installed by then
    throw error;
  });
  const { plotly, canvas } = await renderer;
  const { data, layout } = structuredClone(themed(figure.flat ?? figure)); // Plotly writes into what it draws
  const { width = defaultSize.width, height = defaultSize.height } = layout;
  const uri = await plotly.toImage({ data, layout }, { format: 'svg', width, height });
  const svg = forSkia(decodeURIComponent(uri.slice(uri.indexOf(',') + 1)));
  const context = canvas.createCanvas(width, height).getContext('2d');
  context.drawImage(await canvas.loadImage(Buffer.from(svg)), 0, 0);
  const rgba = new Uint8Array(context.getImageData(0, 0, width, height).data);
  const rgb = rgba.filter((_, i) => i % 4 !== 3);
  return { png: encodePng(reduceColors({ width, height, rgb })), width, height, alt: titleOf(figure) };
}

/** The still picture of a figure, or undefined where it cannot be made: the first time, a warning says why. */
export async function stillIfPossible(figure: FigureData): Promise<PngStill | undefined> {
  try {
    return await still(figure);
  } catch (error) {
    if (!failed) console.warn(`figures have no still pictures here: ${messageOf(error)}`);
    failed = true;
    return undefined;
  }
}

/** Puts Plotly's SVG into terms that Skia understands: fonts by our name, and shifts of text in pixels, not in heights of the font. */
function forSkia(svg: string): string {
  return svg
    .replaceAll(/font-family: [^;"]*/g, `font-family: ${fontFamily}`)
    .replaceAll(/<text[^>]*font-size: ([\d.]+)px.*?<\/text>/gs, (text, size) =>
      text.replaceAll(/<(?:text|tspan)[^>]*? dy="(-?[\d.]+)em"[^>]*>/g, (tag: string, heights: string) => {
        const percent = /font-size: ?(\d+)%/.exec(tag)?.[1] ?? 100; // of superscripts
        const shift = (Number(heights) * size * Number(percent)) / 100;
        const y = / y="([^"]*)"/.exec(tag)?.[1];
        if (y === undefined) return tag.replace(/ dy="[^"]*"/, ` dy="${shift}"`);
        // Of both, Skia takes the one only.
        return tag.replace(/ dy="[^"]*"/, '').replace(/ y="[^"]*"/, ` y="${Number(y) + shift}"`);
      }),
    );
}
