/** What is shown next to the paper: the prepared digit, the answer, and the feature maps. */
import { IMAGE_SIZE, NUM_CLASSES } from '../../../mnist/sizes';
import { html } from '../../../notebook/page/elements';
import type { Layer } from '../answer';
import { digitOf, percent } from '../probabilities';
import type { PadWords } from '../words';

/** The maximum number of feature maps shown per layer. */
const MOST_MAPS = 72;
/** The number of feature maps per row. */
const COLUMNS = 12;
/** The brightness difference, of 255, between a map and the paper where it is zero. */
const GROUND = 15;

/** The digit at 28 × 28. */
export class DigitView {
  readonly #canvas = html('canvas', { width: IMAGE_SIZE, height: IMAGE_SIZE, className: 'tf-mechanics-ink' });
  readonly element: HTMLElement;

  constructor({ seen, seenAs }: PadWords) {
    this.element = html('figure', {}, [this.#canvas, html('figcaption', { textContent: seen })]);
    this.#canvas.setAttribute('role', 'img');
    this.#canvas.setAttribute('aria-label', seenAs);
  }

  show(pixels: ArrayLike<number>): void {
    paint(this.#canvas, (x, y) => pixels[IMAGE_SIZE * y + x]!);
  }
}

/** A bar for each digit's probability. */
export class Bars {
  readonly element = html('div', { className: 'tf-mechanics-bars' });
  readonly #bars: { readonly row: HTMLElement; readonly bar: HTMLElement; readonly number: HTMLElement }[];

  constructor({ bars }: PadWords) {
    this.element.setAttribute('role', 'list');
    this.element.setAttribute('aria-label', bars);
    this.#bars = Array.from({ length: NUM_CLASSES }, (_, digit) => {
      const bar = html('span');
      const number = html('span', { className: 'tf-mechanics-percent' });
      const row = html('div', {}, [html('b', { textContent: `${digit}` }), html('i', {}, [bar]), number]);
      row.setAttribute('role', 'listitem');
      this.element.append(row);
      return { row, bar, number };
    });
  }

  /** @param probabilities undefined if nothing is drawn */
  show(probabilities?: ArrayLike<number>): void {
    const best = probabilities && digitOf(probabilities);
    this.#bars.forEach(({ row, bar, number }, digit) => {
      const probability = probabilities?.[digit] ?? 0;
      bar.style.transform = `scaleX(${probability})`;
      number.textContent = probabilities ? percent(probability) : '';
      row.className = digit === best ? 'tf-mechanics-best' : '';
    });
  }
}

/** The feature maps of layers, one sheet per layer. */
export class LayerViews {
  readonly element = html('div', { className: 'tf-mechanics-layers' });
  readonly #says: PadWords;
  #sheets: HTMLCanvasElement[] = [];

  constructor(says: PadWords) {
    this.#says = says;
  }

  show(layers: readonly Layer[]): void {
    if (this.#sheets.length !== layers.length) this.#begin(layers);
    for (const [i, layer] of layers.entries()) paintSheet(this.#sheets[i]!, layer);
  }

  clear(): void {
    for (const sheet of this.#sheets) sheet.getContext('2d')!.clearRect(0, 0, sheet.width, sheet.height);
  }

  #begin(layers: readonly Layer[]): void {
    this.#sheets = layers.map(({ shape: [height, width, count] }, i) => {
      const rows = Math.ceil(Math.min(count, MOST_MAPS) / COLUMNS);
      const size = { width: COLUMNS * (width + 1) - 1, height: rows * (height + 1) - 1 };
      const sheet = html('canvas', { ...size, className: 'tf-mechanics-ink' });
      sheet.setAttribute('role', 'img');
      sheet.setAttribute('aria-label', this.#says.maps(i + 1, count));
      return sheet;
    });
    const captions = layers.map(({ shape: [height, width, count] }, i) =>
      this.#says.layer(i + 1, count, `${height}×${width}`),
    );
    this.element.replaceChildren(
      ...this.#sheets.map((sheet, i) => html('figure', {}, [html('figcaption', { textContent: captions[i]! }), sheet])),
    );
  }
}

/** Paints a layer's maps in rows; zero has the same brightness in all of them. */
function paintSheet(sheet: HTMLCanvasElement, { shape: [height, width, count], data }: Layer): void {
  const greatest = data.reduce((most, value) => Math.max(most, value), 1e-9);
  paint(sheet, (across, down) => {
    const [x, y] = [across % (width + 1), down % (height + 1)];
    const map = COLUMNS * Math.floor(down / (height + 1)) + Math.floor(across / (width + 1));
    if (x === width || y === height || map >= Math.min(count, MOST_MAPS)) return 0;
    const value = Math.max(0, data[(y * width + x) * count + map]!) / greatest;
    return GROUND + (255 - GROUND) * value;
  });
}

/** Paints numbers from 0 (paper) to 255 as black with transparency; on dark pages, the style inverts it. */
function paint(canvas: HTMLCanvasElement, value: (x: number, y: number) => number): void {
  const { width, height } = canvas;
  const image = new ImageData(width, height);
  for (let y = 0, at = 3; y < height; y++) for (let x = 0; x < width; x++, at += 4) image.data[at] = value(x, y);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
