/** Draws still pictures in the calling thread: Plotly creates an SVG, and Skia converts it to PNG. */
import type { FigureData } from './figureData';
import { encodePng, reduceColors } from './png';
import { drawsChinese, fontFamily, loadRenderer, type Renderer } from './stillRenderer';
import { defaultSize } from './theme';

/** A picture and its size in pixels. */
export interface Drawn {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

let renderer: Promise<Renderer> | undefined;

/** Draws a figure. Plotly modifies its argument. */
export async function drawStill(figure: FigureData): Promise<Drawn> {
  renderer ??= loadRenderer().catch((error: unknown) => {
    renderer = undefined; // missing packages may be installed by the next time
    throw error;
  });
  const { plotly, canvas } = await renderer;
  const { data, layout } = figure.english && !drawsChinese(canvas) ? inEnglish(figure) : figure;
  const { width = defaultSize.width, height = defaultSize.height } = layout;
  const uri = await plotly.toImage({ data, layout }, { format: 'svg', width, height });
  const svg = forSkia(decodeURIComponent(uri.slice(uri.indexOf(',') + 1)));
  const context = canvas.createCanvas(width, height).getContext('2d');
  context.drawImage(await canvas.loadImage(Buffer.from(svg)), 0, 0);
  const rgba = new Uint8Array(context.getImageData(0, 0, width, height).data);
  return { png: encodePng(reduceColors({ width, height, rgba })), width, height };
}

/** A figure with its built-in texts in English. */
function inEnglish({ data, layout, english = {} }: FigureData): FigureData {
  return worded({ data, layout }, english) as FigureData;
}

function worded(value: unknown, english: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return english[value] ?? value;
  if (Array.isArray(value)) return value.map((one) => worded(one, english));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, worded(one, english)]));
}

/** Adapts Plotly's SVG to Skia: our font name, and text offsets in pixels instead of em. */
function forSkia(svg: string): string {
  return svg
    .replaceAll(/font-family: [^;"]*/g, `font-family: ${fontFamily}`)
    .replaceAll(/<text[^>]*font-size: ([\d.]+)px.*?<\/text>/gs, (text, size) =>
      text.replaceAll(/<(?:text|tspan)[^>]*? dy="(-?[\d.]+)em"[^>]*>/g, (tag: string, heights: string) => {
        const percent = /font-size: ?(\d+)%/.exec(tag)?.[1] ?? 100; // for superscripts
        const shift = (Number(heights) * size * Number(percent)) / 100;
        const y = / y="([^"]*)"/.exec(tag)?.[1];
        if (y === undefined) return tag.replace(/ dy="[^"]*"/, ` dy="${shift}"`);
        // Skia supports only one of the two.
        return tag.replace(/ dy="[^"]*"/, '').replace(/ y="[^"]*"/, ` y="${Number(y) + shift}"`);
      }),
    );
}
