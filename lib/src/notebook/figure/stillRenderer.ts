/**
 * Runs Plotly in Node: jsdom provides a document, and a canvas (Skia) measures its text, draws its heatmaps and
 * rasterizes its SVG. All of this is heavy, so it is loaded when the first still is drawn.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Canvas } from '@napi-rs/canvas';
import type { DOMWindow } from 'jsdom';
import type { FigureData } from './figureData';
import { plotlyFile } from './plotlyFile';
import { type CanvasLibrary, textBoxes } from './textBoxes';

/** What stills are drawn with. */
export interface Renderer {
  plotly: { toImage(figure: FigureData, options: object): Promise<string> };
  canvas: CanvasLibrary;
}

/** The only font of stills, so that they look the same on every machine; it is Plotly's own default. */
export const fontFamily = 'tf-mechanics Open Sans';
const fontFiles = ['400Regular/OpenSans_400Regular.ttf', '700Bold/OpenSans_700Bold.ttf'];

const { resolve } = createRequire(__filename);

/**
 * Whether this machine has a font with Chinese characters, which that font lacks: Skia falls back to it automatically,
 * or draws the same box for all characters.
 */
export function drawsChinese({ createCanvas }: CanvasLibrary): boolean {
  const [character, none] = ['步', '\u{10fffd}'].map((text) => {
    const context = createCanvas(24, 24).getContext('2d');
    context.font = `16px "${fontFamily}"`;
    context.fillText(text, 2, 18);
    return Buffer.from(context.getImageData(0, 0, 24, 24).data).toString('latin1');
  });
  return character !== none;
}

/** Plotly in a document of its own. */
export async function loadRenderer(): Promise<Renderer> {
  const [{ JSDOM, VirtualConsole }, canvas, plotly] = await Promise.all([
    import('jsdom'),
    import('@napi-rs/canvas'),
    readFile(plotlyFile(), 'utf8'),
  ]);
  for (const file of fontFiles)
    canvas.GlobalFonts.registerFromPath(resolve(`@expo-google-fonts/open-sans/${file}`), fontFamily);
  // jsdom's messages about missing features go to a console that nobody reads.
  const { window } = new JSDOM('', { runScripts: 'outside-only', virtualConsole: new VirtualConsole() });
  completeWindow(window, canvas);
  window.eval(plotly);
  return { plotly: window.Plotly, canvas };
}

/** Adds to a jsdom window what Plotly needs and jsdom lacks: canvases and images, text sizes, and some globals. */
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
    getContext(this: HTMLCanvasElement, kind: string) {
      return kind === '2d' ? canvasOf(this).getContext('2d') : null;
    },
    toDataURL(this: HTMLCanvasElement) {
      return canvasOf(this).toDataURL('image/png');
    },
  });

  const boxes = textBoxes(canvas, fontFamily);
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
    // Used only for the arrows of annotations, which are straight.
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

/** The endpoints of a path. */
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
