/** Images with their labels and predictions. */

import { takeRows } from '../../data/rows';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike, HostArray } from '../../runtime/hostArray';
import { arrayOfNumbers, type Numbers, numbersOf } from '../../runtime/numbers';
import { onlyOptions } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import type { Figure } from '../figure/figure';
import { figureText } from '../figure/figureText';
import { wrongColor } from '../figure/theme';
import { inLanguage } from '../language';
import { checkCount, classesOf } from './numbers';
import { type Caption, type Tiles, type TilesOptions, tilesFigure, tilesOptions } from './tiles';

/** Options of {@link images}. */
export interface ImagesOptions extends TilesOptions {
  /** A line below each image. */
  captions?: readonly string[];
  /**
   * The maximum number of images; the first ones are shown.
   *
   * @defaultValue `100`
   */
  count?: number;
  /**
   * Whether 0 is white and the maximum black, like ink on paper; for a single channel only.
   *
   * @defaultValue `false`
   */
  inverted?: boolean;
}

/** Options of {@link digits}. */
export interface DigitsOptions extends TilesOptions {
  /** The labels: class numbers `[n]` or one-hot rows `[n, classes]`. */
  labels?: ArrayLike;
  /** The model's predictions: class numbers `[n]`, or its logits or probabilities `[n, classes]`. */
  predictions?: ArrayLike;
  /**
   * The maximum number of images; the first ones are shown.
   *
   * @defaultValue `100`
   */
  count?: number;
  /**
   * The names of the classes.
   *
   * @defaultValue their numbers
   */
  classes?: readonly string[];
}

/** Options of {@link misclassified}. */
export interface MisclassifiedOptions extends TilesOptions {
  /**
   * The maximum number of images.
   *
   * @defaultValue `30`
   */
  count?: number;
  /**
   * The names of the classes.
   *
   * @defaultValue their numbers
   */
  classes?: readonly string[];
}

/**
 * Shows images in rows.
 *
 * @param values `[n, height, width]`, `[n, height, width, channels]` with 1 or 3 channels, or `[n, pixels]` of square
 * images; 0 … 255 as `uint8`, 0 … 1 otherwise. If there are values beyond, all are scaled from the minimum to the
 * maximum
 * @throws {InvalidArgumentError} when the shape is another, or the numbers of captions and images differ
 * @example
 * plot.images(sets.train.images, { count: 20, inverted: true });
 */
export function images(values: ArrayLike, options: ImagesOptions = {}): Figure {
  onlyOptions(options, { ...tilesOptions, captions: 'array', count: 'number', inverted: 'boolean' });
  const { captions, inverted = false, count = 100 } = options;
  const all = arrayOfNumbers(values, 'images');
  if (captions) checkCount(captions, 'captions', countOf(all), 'images');
  const shown = first(count, countOf(all));
  return tilesFigure(tilesOf(all, shown, inverted), captions && shown.map((i) => ({ text: captions[i]! })), options);
}

/**
 * Shows digits, or other grey images, with their labels. If predictions are given, wrong ones are red and show both.
 *
 * @param values images as for {@link images}, such as MNIST's `[n, 784]`
 * @throws {InvalidArgumentError} when the shape is another, or the numbers of labels or predictions and images differ
 * @example
 * const [given, answers] = sets.test.nextBatch(50);
 * plot.digits(given, { labels: answers, predictions: await session.run(logits, [[images, given]]) });
 */
export function digits(values: ArrayLike, options: DigitsOptions = {}): Figure {
  onlyOptions(options, { ...tilesOptions, labels: 'any', predictions: 'any', count: 'number', classes: 'array' });
  const { classes, count = 100 } = options;
  const all = arrayOfNumbers(values, 'images');
  const labels = options.labels === undefined ? undefined : classesFor(all, options.labels, 'labels');
  const predictions =
    options.predictions === undefined ? undefined : classesFor(all, options.predictions, 'predictions');
  const shown = first(count, countOf(all));
  return tilesFigure(
    tilesOf(all, shown, true),
    (labels ?? predictions) && shown.map((i) => captionOf(labels?.[i], predictions?.[i], classes)),
    options,
  );
}

/**
 * Shows the images that a model misclassifies, with label and prediction.
 *
 * @param values images as for {@link images}
 * @param labels the labels: class numbers `[n]` or one-hot rows `[n, classes]`
 * @param predictions the model's answers: class numbers `[n]`, or its logits or probabilities `[n, classes]`
 * @throws {InvalidArgumentError} when the numbers of labels or predictions and images differ
 * @example
 * const { test } = sets;
 * plot.misclassified(test.images, test.labels, await session.run(logits, [[images, test.images]]), { count: 20 });
 */
export function misclassified(
  values: ArrayLike,
  labels: ArrayLike,
  predictions: ArrayLike,
  options: MisclassifiedOptions = {},
): Figure {
  const { classes, count = 30 } = onlyOptions(options, { ...tilesOptions, count: 'number', classes: 'array' });
  const all = arrayOfNumbers(values, 'images');
  const known = classesFor(all, labels, 'labels');
  const predicted = classesFor(all, predictions, 'predictions');
  const wrong = known.flatMap((label, i) => (label === predicted[i] ? [] : [i]));
  const shown = wrong.slice(0, count);
  const title = options.title ?? foundText(wrong.length, known.length, shown.length);
  return tilesFigure(
    tilesOf(all, shown, true),
    shown.map((i) => captionOf(known[i], predicted[i], classes)),
    { ...options, title },
  );
}

function foundText(wrong: number, all: number, shown: number): string {
  const [some, of] = [wrong, all].map((count) => count.toLocaleString('en'));
  const isPart = shown < wrong;
  return figureText({
    en: `${some} of ${of} are wrong${isPart ? `; the first ${shown}` : ''}`,
    zh: `${of} 个中有 ${some} 个认错${isPart ? `；前 ${shown} 个` : ''}`,
  });
}

const first = (count: number, of: number): number[] => [...Array(Math.min(count, of)).keys()];

function countOf({ shape }: HostArray): number {
  return shape[0] ?? 0;
}

function classesFor(images: HostArray, value: ArrayLike, what: string): number[] {
  const classes = classesOf(value, what);
  checkCount(classes, what, countOf(images), 'images');
  return classes;
}

function captionOf(label: number | undefined, prediction: number | undefined, classes?: readonly string[]): Caption {
  const name = (of: number) => classes?.[of] ?? `${of}`;
  if (label === undefined || prediction === undefined) return { text: name((label ?? prediction)!) };
  if (label === prediction)
    return {
      text: name(label),
      hover: inLanguage({ en: `${name(label)}, predicted so`, zh: `${name(label)}，预测正确` }),
    };
  return {
    text: figureText({ en: `${name(prediction)}, is ${name(label)}`, zh: `${name(prediction)}，是 ${name(label)}` }),
    hover: inLanguage({
      en: `predicted ${name(prediction)}, is ${name(label)}`,
      zh: `预测为 ${name(prediction)}，实际是 ${name(label)}`,
    }),
    color: wrongColor,
  };
}

/**
 * The distance between shades of ink: it leaves room for frames in a palette, through which dark pages change their
 * colours.
 */
const SHADE = 3;

/** The images that are `shown`. */
function tilesOf(images: HostArray, shown: readonly number[], inverted: boolean): Tiles {
  const { height, width, channels } = sizeOfImage(images.shape);
  const size = height * width * channels;
  const { data } = numbersOf(takeRows(images, Uint32Array.from(shown)), 'images');
  const [least, range] = rangeOf(data);
  return {
    count: shown.length,
    width,
    height,
    ...(inverted && { inDark: 'ink' as const }),
    colorAt(tile, row, column) {
      const at = tile * size + (row * width + column) * channels;
      const level = (channel: number): number => {
        const share = Math.max(0, Math.min(1, (data[at + channel]! - least) / range)) || 0;
        return inverted ? SHADE * Math.round((255 / SHADE) * (1 - share)) : Math.round(255 * share);
      };
      const red = level(0);
      return channels === 1 ? [red, red, red] : [red, level(1), level(2)];
    },
  };
}

function sizeOfImage(shape: readonly number[]): { height: number; width: number; channels: number } {
  const [, height, width = 0, channels = 1] = shape;
  if (shape.length === 2 && height) {
    const side = Math.sqrt(height);
    if (Number.isInteger(side)) return { height: side, width: side, channels: 1 };
  } else if ((shape.length === 3 || shape.length === 4) && height && width && (channels === 1 || channels === 3)) {
    return { height, width, channels };
  }
  throw new InvalidArgumentError(
    `expected images of shape [n, height, width], [n, height, width, 1 or 3] or [n, pixels of a square], got ${shapeText(shape)}`,
  );
}

/** The value of black, and the range up to white. */
function rangeOf(data: Numbers['data']): [least: number, range: number] {
  let [least, greatest] = [0, 1];
  for (let i = 0; i < data.length; i++) {
    if (data[i]! < least) least = data[i]!;
    if (data[i]! > greatest) greatest = data[i]!;
  }
  return data instanceof Uint8Array && greatest > 1 ? [0, 255] : [least, greatest - least];
}
