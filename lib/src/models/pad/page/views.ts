/** What stands beside the paper: the digit as the network gets it, what it says, and what its layers make of it. */
import { IMAGE_SIZE, NUM_CLASSES } from '../../../mnist/sizes';
import { html } from '../../../notebook/page/elements';
import type { Layer } from '../answer';
import { digitOf, percent } from '../probabilities';
import type { PadWords } from '../words';

/** More of a layer's pictures than this aren't shown. */
const MOST_MAPS = 72;
/** So many stand in a row. */
const COLUMNS = 12;
/** By this a picture differs from the paper where it says nothing, of 255. */
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

  /** @param probabilities none where nothing is drawn */
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

/** The pictures that layers make, all of a layer on one sheet. */
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

/** Paints a layer's pictures in rows, each as light where it says nothing as the others. */
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

/** Paints numbers from 0, which is paper, to 255: black that lets the paper through; where paper is dark, the style turns it round. */
function paint(canvas: HTMLCanvasElement, value: (x: number, y: number) => number): void {
  const { width, height } = canvas;
  const image = new ImageData(width, height);
  for (let y = 0, at = 3; y < height; y++) for (let x = 0; x < width; x++, at += 4) image.data[at] = value(x, y);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
