/**
 * Still pictures of figures, made by the Plotly that also draws them in the page: jsdom gives it a document, and a canvas
 * (Skia) measures its text, paints its heatmaps and turns its SVG into pixels. All of that is loaded at the first still.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Canvas } from '@napi-rs/canvas';
import type { DOMWindow } from 'jsdom';
import type { FigureData } from './figureData';
import type { Still } from './html';
import { encodePng, reduceColors } from './png';
import { defaultSize, themed } from './theme';

type CanvasLibrary = typeof import('@napi-rs/canvas');

/** What Plotly draws in and with. */
interface Renderer {
  window: DOMWindow & { Plotly?: { toImage(figure: FigureData, options: object): Promise<string> } };
  canvas: CanvasLibrary;
}

const { resolve } = createRequire(__filename);
/** The one font of the stills, so that they look the same on every machine; Plotly's own default. */
const fontFamily = 'tf-mechanics Open Sans';
const fontFiles = ['400Regular/OpenSans_400Regular.ttf', '700Bold/OpenSans_700Bold.ttf'];

let renderer: Promise<Renderer> | undefined;
let failed = false;

/** The still picture of a figure. */
export async function still(figure: FigureData): Promise<Still & { png: Uint8Array }> {
  renderer ??= loadRenderer();
  const { window, canvas } = await renderer;
  const { data, layout } = themed(structuredClone(figure)); // Plotly writes into what it draws
  const { width = defaultSize.width, height = defaultSize.height } = layout;
  const uri = await window.Plotly!.toImage({ data, layout }, { format: 'svg', width, height });
  const svg = forSkia(decodeURIComponent(uri.slice(uri.indexOf(',') + 1)));
  const painted = canvas.createCanvas(width, height);
  const context = painted.getContext('2d');
  context.drawImage(await canvas.loadImage(Buffer.from(svg)), 0, 0);
  const rgba = context.getImageData(0, 0, width, height).data;
  const rgb = rgba.filter((_, i) => i % 4 !== 3);
  const png = encodePng(reduceColors({ width, height, rgb: new Uint8Array(rgb) }));
  return { png, width, height, alt: layout.title?.text?.replace(/<[^>]*>/g, ' ') ?? 'figure' };
}

/** The still picture of a figure, or undefined where it cannot be made: the first time, a warning says why. */
export async function stillIfPossible(figure: FigureData): Promise<(Still & { png: Uint8Array }) | undefined> {
  try {
    return await still(figure);
  } catch (error) {
    if (!failed) console.warn(`figures have no still pictures here: ${(error as Error).message}`);
    failed = true;
    return undefined;
  }
}

async function loadRenderer(): Promise<Renderer> {
  const [{ JSDOM, VirtualConsole }, canvas, plotly] = await Promise.all([
    import('jsdom'),
    import('@napi-rs/canvas'),
    readFile(resolve('plotly.js-dist-min/plotly.min.js'), 'utf8'),
  ]);
  for (const file of fontFiles)
    canvas.GlobalFonts.registerFromPath(resolve(`@expo-google-fonts/open-sans/${file}`), fontFamily);
  // What jsdom has to say about what it lacks goes to a console that nobody reads.
  const { window } = new JSDOM('', { runScripts: 'outside-only', virtualConsole: new VirtualConsole() });
  completeWindow(window, canvas);
  window.eval(plotly);
  return { window, canvas };
}

/** Gives a jsdom window what Plotly needs and jsdom lacks: canvases and images, sizes of texts, and some globals. */
function completeWindow(window: DOMWindow, canvas: CanvasLibrary): void {
  const { HTMLCanvasElement, SVGElement, Element } = window;
  Object.assign(window, { TextDecoder, TextEncoder, requestAnimationFrame: (draw: () => void) => setImmediate(draw) });
  window.Image = class extends canvas.Image {
    setAttribute(name: 'src', value: string) {
      this[name] = value;
    }
  } as never;
  Object.assign(window.URL, { createObjectURL: () => 'blob:none', revokeObjectURL: () => {} });

  const canvases = new WeakMap<HTMLCanvasElement, Canvas>();
  const canvasOf = (element: HTMLCanvasElement): Canvas => {
    let own = canvases.get(element);
    if (own?.width !== element.width || own.height !== element.height) {
      own = canvas.createCanvas(element.width, element.height);
      canvases.set(element, own);
    }
    return own;
  };
  Object.assign(HTMLCanvasElement.prototype, {
    getContext(this: HTMLCanvasElement) {
      return canvasOf(this).getContext('2d');
    },
    toDataURL(this: HTMLCanvasElement) {
      return canvasOf(this).toDataURL('image/png');
    },
  });

  const boxes = textBoxes(canvas);
  Object.assign(Element.prototype, {
    getBoundingClientRect(this: Element) {
      return boxes(this, null);
    },
  });
  Object.assign(SVGElement.prototype, {
    getBBox(this: SVGElement) {
      return boxes(this, this);
    },
    getComputedTextLength(this: SVGElement) {
      return boxes(this, this).width;
    },
    // Asked for the arrows of annotations only, which are straight.
    getTotalLength(this: SVGElement) {
      const { x0, y0, x1, y1 } = endsOf(this);
      return Math.hypot(x1 - x0, y1 - y0);
    },
    getPointAtLength(this: SVGElement, length: number) {
      const { x0, y0, x1, y1 } = endsOf(this);
      const share = length / (Math.hypot(x1 - x0, y1 - y0) || 1);
      return { x: x0 + share * (x1 - x0), y: y0 + share * (y1 - y0) };
    },
  });
}

/** Where a path begins and ends. */
function endsOf(path: SVGElement): { x0: number; y0: number; x1: number; y1: number } {
  const numbers =
    path
      .getAttribute('d')
      ?.match(/-?\d+(\.\d+)?(e-?\d+)?/g)
      ?.map(Number) ?? [];
  const [x0 = 0, y0 = 0] = numbers;
  const [x1 = x0, y1 = y0] = numbers.slice(-2);
  return { x0, y0, x1, y1 };
}

/** Plotly's distance between lines of text, in heights of the font. */
const LINE_HEIGHT = 1.3;

/** Gives the function that computes the box around the texts of an element, in the coordinates of `outer` (null: of the page). */
function textBoxes({ createCanvas, DOMMatrix }: CanvasLibrary) {
  const context = createCanvas(1, 1).getContext('2d');

  /** A text's box before any transformation. */
  const localBox = (text: SVGTextElement) => {
    const size = Number.parseFloat(text.style.fontSize) || 12;
    context.font = `${text.style.fontWeight || 'normal'} ${size}px "${fontFamily}"`;
    const lines = [...text.querySelectorAll('tspan.line')];
    const widths = (lines.length > 0 ? lines : [text]).map((line) => context.measureText(line.textContent ?? '').width);
    const width = Math.max(...widths);
    const anchor = text.getAttribute('text-anchor');
    const left = Number(text.getAttribute('x')) - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0);
    const top = Number(text.getAttribute('y')) - size;
    return { left, top, right: left + width, bottom: top + LINE_HEIGHT * size * widths.length };
  };

  /** What takes a text's coordinates to those of `outer`. */
  const matrixOf = (text: Element, outer: Element | null) => {
    const matrix = new DOMMatrix();
    for (let element: Element | null = text; element && element !== outer; element = element.parentElement) {
      const steps = new DOMMatrix();
      for (const [, name, list] of (element.getAttribute('transform') ?? '').matchAll(/(\w+)\(([^)]*)\)/g)) {
        const [a, b, c] = list!.split(/[ ,]+/).map(Number) as [number, number?, number?];
        if (name === 'translate') steps.translateSelf(a, b ?? 0);
        else if (name === 'scale') steps.scaleSelf(a, b ?? a);
        else if (name === 'rotate')
          steps
            .translateSelf(b ?? 0, c ?? 0)
            .rotateSelf(a)
            .translateSelf(-(b ?? 0), -(c ?? 0));
      }
      matrix.preMultiplySelf(steps);
    }
    return matrix;
  };

  return (element: Element, outer: Element | null) => {
    const inText = element.closest('text');
    const texts = inText ? [inText] : [...element.querySelectorAll('text')].filter((text) => text.textContent);
    const corners = texts.flatMap((text) => {
      const { left, top, right, bottom } = localBox(text);
      const matrix = matrixOf(text, outer);
      return [left, right].flatMap((x) => [top, bottom].map((y) => matrix.transformPoint({ x, y })));
    });
    const xs = corners.length > 0 ? corners.map(({ x }) => x) : [0];
    const ys = corners.length > 0 ? corners.map(({ y }) => y) : [0];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    return { x: left, y: top, left, top, right, bottom, width: right - left, height: bottom - top };
  };
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
