/**
 * Data sets, which hand out batches of examples: every example once per epoch, in an order determined by a seed. `DataSet` does what the
 * class of that name in TensorFlow's MNIST tutorials did, for any columns, and without moving the examples themselves.
 */

import { inspect } from 'node:util';
import { checkInstance, shown } from '../runtime/arguments';
import { allocate, type HostDType } from '../runtime/dtypes';
import { withContext } from '../runtime/errorContext';
import { InvalidArgumentError } from '../runtime/errors';
import { type ArrayLike, type DTypeOfValue, HostArray, sizeOf, toHostArray } from '../runtime/hostArray';
import { onlyOptions } from '../runtime/options';
import { shapeText } from '../runtime/shapeText';
import { checkBatchSize, Epochs } from './epochs';
import { PackedImages } from './packedImages';
import { copyRows, scaledRows, sliceRows, takeRows } from './rows';
import { checkIsObject, splitRows } from './split';

/** The dtypes of images: `float32` in [0, 1], or `uint8` in 0 … 255. */
export type ImageDType = 'float32' | 'uint8';

/** The dtypes of labels that are kept as given: class numbers, or floats for other values. */
export type GivenLabelDType = 'int32' | 'int64' | 'float32' | 'float64';

/** The dtype of a set's labels: `float32` for one-hot rows, otherwise the given one, except that `uint8` becomes `int32`. */
export type LabelDType<H extends boolean, L extends GivenLabelDType = 'int32'> = H extends true ? 'float32' : L;

/** Arrays by name. The first dimension of each is the number of examples. */
export type Columns<N extends PropertyKey = string> = { readonly [K in N]: HostArray };

/** Options of a {@link ColumnDataSet}. */
export interface ColumnDataSetOptions {
  /**
   * Determines the order of every epoch.
   *
   * @defaultValue a random seed, see {@link DataSet.seed}
   */
  seed?: number;
}

/** Options of a {@link DataSet} of images. */
export interface DataSetOptions<D extends ImageDType = ImageDType, H extends boolean = boolean>
  extends ColumnDataSetOptions {
  /**
   * `float32` scales pixels of 0 … 255 to [0, 1]; `uint8` leaves them.
   *
   * @defaultValue `float32`
   */
  dtype?: D;
  /**
   * Whether a label is a row of `numClasses` zeros with a single 1, instead of a class number.
   *
   * @defaultValue `false`
   */
  oneHot?: H;
  /**
   * The number of classes, for one-hot labels.
   *
   * @defaultValue `10`
   */
  numClasses?: number;
}

/** Options of {@link DataSet.nextBatch}. */
export interface BatchOptions {
  /**
   * Whether a new epoch that begins within this batch gets a new random order.
   *
   * @defaultValue `true`
   */
  shuffle?: boolean;
  /** Whether to return images of ones with label 0, without advancing in the set. */
  fakeData?: boolean;
}

/** Options of {@link DataSet.split}. */
export interface DataSplitOptions<N extends string = string> {
  /**
   * Determines which example goes into which part, and the order of the parts' epochs.
   *
   * @defaultValue that of the set
   */
  seed?: number;
  /**
   * A column with one value per example, such as its class. Every part then gets its fraction of the examples of each value, give or take
   * one or two.
   *
   * @defaultValue chance alone decides
   */
  stratifyBy?: N;
}

/** The dtypes of labels that are kept as given. */
const LABEL_DTYPES: readonly GivenLabelDType[] = ['int32', 'int64', 'float32', 'float64'];

/** The checked arguments of a set. */
class Arranged {
  constructor(
    readonly columns: Columns,
    /** Whether a batch is the pair of `images` and `labels`, as in the tutorials, instead of a record of columns. */
    readonly paired: boolean,
    readonly seed: number | undefined,
  ) {}
}

class Examples<C extends Columns<keyof C>, B> {
  /** All examples in their original order: one array per column, whose first dimension is `numExamples`. */
  readonly columns: C;
  readonly #paired: boolean;
  readonly #epochs: Epochs;

  constructor(given: unknown, labels?: unknown, options?: DataSetOptions) {
    const { columns, paired, seed } = arranged(given, labels, options);
    this.columns = columns as Columns<keyof C> as C;
    this.#paired = paired;
    this.#epochs = new Epochs(Object.values(columns)[0]!.shape[0]!, seed);
    if (paired) Object.assign(this, columns);
  }

  /** The seed that determines the order of the epochs. */
  get seed(): number {
    return this.#epochs.seed;
  }

  /** The number of examples. */
  get numExamples(): number {
    return this.#epochs.numExamples;
  }

  /** The number of completed epochs. An epoch is completed by the first batch that needs examples of the next one. */
  get epochsCompleted(): number {
    return this.#epochs.completed;
  }

  /** The number of examples of the current epoch that have been handed out. */
  get indexInEpoch(): number {
    return this.#epochs.index;
  }

  /**
   * The next `batchSize` examples: a record with an array `[batchSize, …]` for each column. For a set made from images and labels it is
   * the pair of images `[batchSize, pixels]` and labels `[batchSize]` (one-hot: `[batchSize, numClasses]`). The arrays belong to the caller,
   * except that strings share their bytes with the set. If an epoch ends within a batch, the batch continues with the first examples
   * of the next epoch; no example is skipped.
   *
   * With `shuffle: false`, an epoch has the same order as the previous one; the first has the order of the set.
   *
   * @param options a boolean stands for `fakeData`, which the article passes by position; only sets of images have it
   * @throws {InvalidArgumentError} when `batchSize` isn't a whole number from 1 to `numExamples`, or the set has no examples
   *
   * @example
   * const flowers = new data.DataSet({ features: [[5.1, 3.5], [4.9, 3.0], [6.3, 3.3]], species: ['setosa', 'setosa', 'virginica'] });
   * const { features, species } = flowers.nextBatch(2); // HostArray<'float32'> [2, 2], HostArray<'string'> [2]
   */
  nextBatch(batchSize: number, options: BatchOptions | boolean = {}): B {
    const { shuffle = true, fakeData = false } =
      typeof options === 'boolean' && this.#paired ? { fakeData: options } : onlyBatchOptions(options, this.#paired);
    if (fakeData) return this.#fakeBatch(batchSize);
    return this.#batch(this.#epochs.next(batchSize, shuffle), this.#epochs.upcoming);
  }

  /**
   * The numbers of the next `batchSize` examples, which {@link nextBatch} would return, for a graph that contains the examples.
   *
   * @throws {InvalidArgumentError} when `batchSize` isn't a whole number from 1 to `numExamples`, or the set has no examples
   *
   * @example
   * const rows = sets.train.nextRows(100); // HostArray<'int32'> [100]
   */
  nextRows(batchSize: number, options: Pick<BatchOptions, 'shuffle'> = {}): HostArray<'int32'> {
    const { shuffle = true } = onlyOptions(options, { shuffle: 'boolean' });
    return new HostArray('int32', [batchSize], Int32Array.from(this.#epochs.next(batchSize, shuffle)));
  }

  /**
   * Examples by number, in the form of a batch and in new arrays, without advancing in the set.
   *
   * @throws {InvalidArgumentError} when one isn't a whole number from 0 up to and without `numExamples`
   *
   * @example
   * const [images, labels] = sets.test.take([0, 7, 7]); // HostArray<'float32'> [3, 784], HostArray<'int32'> [3]
   */
  take(rows: readonly number[] | Int32Array | HostArray<'int32'>): B {
    const { data } = toHostArray(rows, 'int32');
    const outside = data.find((row) => row < 0 || row >= this.numExamples);
    if (outside !== undefined)
      throw new InvalidArgumentError(
        `expected numbers of examples from 0 up to and without ${this.numExamples}, got ${outside}`,
      );
    return this.#batch(Uint32Array.from(data));
  }

  /**
   * The examples from `begin` to `end`, exclusive, in their original order and in the form of a batch, without advancing in the set. They may
   * share the memory of `columns`.
   *
   * @throws {InvalidArgumentError} when these are no whole numbers from 0 to `numExamples`, the first not above the second
   *
   * @example
   * const [images, labels] = sets.test.slice(0, 1000);
   */
  slice(begin: number, end: number): B {
    if (!Number.isInteger(begin) || !Number.isInteger(end) || begin < 0 || begin > end || end > this.numExamples)
      throw new InvalidArgumentError(
        `expected a part of ${this.numExamples} examples, from 0 to ${this.numExamples}, got ${shown(begin)} to ${shown(end)}`,
      );
    return this.#given((column) => sliceRows(column, begin, end));
  }

  /**
   * Splits the set into parts, with each example in exactly one of them, in the order of the set. The same seed gives the same parts
   * everywhere.
   *
   * @param fractions the fraction of the examples for each part, by name; they must add up to 1
   * @throws {InvalidArgumentError} when they don't, when a part would have no examples, or the column to stratify by has more than one value
   *   an example
   *
   * @example
   * const flowers = new data.DataSet({ size: [5.1, 4.9, 6.3, 5.8], species: ['setosa', 'setosa', 'virginica', 'virginica'] });
   * const { train, test } = flowers.split({ train: 0.5, test: 0.5 }, { seed: 1, stratifyBy: 'species' });
   * train.numExamples; // 2
   */
  split<N extends string>(
    fractions: Readonly<Record<N, number>>,
    options: DataSplitOptions<keyof C & string> = {},
  ): Record<N, Examples<C, B>> {
    checkIsObject(fractions);
    const { seed = this.seed, stratifyBy } = onlyOptions(options, { seed: 'number', stratifyBy: 'any' });
    const classes = stratifyBy === undefined ? undefined : this.#valuesOf(stratifyBy);
    const parts = Object.entries<Uint32Array>(splitRows(this.numExamples, fractions, seed, classes));
    const setOf = (rows: Uint32Array): Examples<C, B> =>
      new Examples(
        new Arranged(
          eachColumn(this.#all, (column) => copyRows(column, rows)),
          this.#paired,
          seed,
        ),
      );
    return Object.fromEntries(parts.map(([name, rows]) => [name, setOf(rows)])) as Record<N, Examples<C, B>>;
  }

  /**
   * Advances over examples as if batches had handed them out, so that training resumed from a checkpoint sees the examples that it would
   * have seen.
   *
   * @param examples how many; they may span several epochs
   * @throws {InvalidArgumentError} when it isn't a whole number of 0 or more, or the set has no examples
   */
  skip(examples: number, options: Pick<BatchOptions, 'shuffle'> = {}): void {
    const { shuffle = true } = onlyOptions(options, { shuffle: 'boolean' });
    this.#epochs.skip(examples, shuffle);
  }

  /**
   * Restarts the first epoch, so that batches come in the same order again. A training cell that is run again sees the same batches; with a
   * restarted session, whose random operations start over as well, it gets the same losses.
   *
   * @example
   * sets.train.reset();
   */
  reset(): void {
    this.#epochs.reset();
  }

  /** The number of examples and the columns, in one line. */
  toString(): string {
    return `DataSet of ${this.numExamples.toLocaleString('en-US')} examples: ${describeColumns(this.#all)}`;
  }

  /** The text that `console.log` shows. */
  [inspect.custom](): string {
    return this.toString();
  }

  /** The columns, typed without their names. */
  get #all(): Columns {
    return this.columns as Columns<keyof C> as Columns;
  }

  #batch(rows: Uint32Array, upcoming?: Uint32Array): B {
    return this.#given((column) => takeRows(column, rows, upcoming));
  }

  /** Applies `make` to each column, and returns the results in the form of a batch. */
  #given(make: (column: HostArray) => HostArray): B {
    if (this.#paired) return [make(this.#all.images!), make(this.#all.labels!)] as B;
    return eachColumn(this.#all, make) as B;
  }

  /** A column with one value per example. */
  #valuesOf(name: string): HostArray {
    const column = Object.hasOwn(this.#all, name) ? this.#all[name] : undefined;
    if (column?.size === this.numExamples) return column;
    const found = column ? `column ${name}, of shape ${shapeText(column.shape)}` : shown(name);
    throw new InvalidArgumentError(
      `expected a column with one value an example to stratify by, got ${found}; the columns are ${describeColumns(this.#all)}`,
    );
  }

  #fakeBatch(batchSize: number): B {
    checkBatchSize(batchSize, this.numExamples);
    const { images, labels } = this.#all;
    return [onesLike(images!, batchSize), firstClassLike(labels!, batchSize)] as B;
  }
}

/**
 * Images with their labels, and a position in an infinite sequence of epochs over them.
 *
 * @typeParam D the dtype of the images
 * @typeParam H whether labels are one-hot
 * @typeParam L the dtype of the given labels; `int32` for bytes
 *
 * @example
 * const { train } = await data.readDataSets('data', { fakeData: true });
 * const [images, labels] = train.nextBatch(100); // HostArray<'float32'> [100, 784], HostArray<'int32'> [100]
 */
export interface DataSet<
  D extends ImageDType = 'float32',
  H extends boolean = false,
  L extends GivenLabelDType = 'int32',
> extends Examples<
    { images: HostArray<D>; labels: HostArray<LabelDType<H, L>> },
    [images: HostArray<D>, labels: HostArray<LabelDType<H, L>>]
  > {
  /** All images in file order, one per row: `[numExamples, pixels]`. */
  readonly images: HostArray<D>;
  /** All labels in file order: class numbers `[numExamples]`, or one-hot rows `[numExamples, numClasses]`. */
  readonly labels: HostArray<LabelDType<H, L>>;
  split<N extends string>(
    fractions: Readonly<Record<N, number>>,
    options?: DataSplitOptions<'images' | 'labels'>,
  ): Record<N, DataSet<D, H, L>>;
}

/**
 * Examples with any columns, and a position in an infinite sequence of epochs over them.
 *
 * @typeParam C the columns: arrays by name. Batches have the same type
 *
 * @example
 * const houses = new data.DataSet({ area: [70, 120, 95], rooms: Int32Array.of(2, 5, 3), price: [210, 380, 290] }, { seed: 1 });
 * const { area, rooms } = houses.nextBatch(2); // HostArray<'float32'> [2], HostArray<'int32'> [2]
 * houses.columns.price.at(0); // 210
 */
export interface ColumnDataSet<C extends Columns<keyof C> = Columns> extends Examples<C, C> {
  nextBatch(batchSize: number, options?: Pick<BatchOptions, 'shuffle'>): C;
  split<N extends string>(
    fractions: Readonly<Record<N, number>>,
    options?: DataSplitOptions<keyof C & string>,
  ): Record<N, ColumnDataSet<C>>;
}

interface DataSetConstructor {
  /**
   * @param images `[numExamples, …]`: `uint8` pixels, or `float32` values that are taken as they are
   * @param labels `[numExamples]` class numbers
   * @throws {InvalidArgumentError} when there are not as many labels as images, when images are of another dtype or `float32`
   *   ones are wanted as `uint8`, or when a label to make one-hot isn't a class number
   */
  new <D extends ImageDType = 'float32', H extends boolean = false>(
    images: HostArray<ImageDType>,
    labels: HostArray<'uint8' | 'int32'>,
    options?: DataSetOptions<D, H>,
  ): DataSet<D, H>;
  /** @param labels `[numExamples]` values of any other kind, which stay as they are */
  new <D extends ImageDType = 'float32', H extends boolean = false, L extends GivenLabelDType = 'int32'>(
    images: HostArray<ImageDType>,
    labels: HostArray<L>,
    options?: DataSetOptions<D, H>,
  ): DataSet<D, H, L>;
  /**
   * @param columns arrays `[numExamples, …]` of any dtype by their names: host arrays, typed arrays or nested ones; the first two are
   *   not copied. Numbers in plain arrays become `float32`, `tf.hostArray(numbers, 'int32')` says otherwise
   * @throws {InvalidArgumentError} when there are no columns, one is no array, or they have not all as many examples
   */
  new <T extends { readonly [K in keyof T]: ArrayLike }>(
    columns: T,
    options?: ColumnDataSetOptions,
  ): ColumnDataSet<{ -readonly [K in keyof T]: HostArray<DTypeOfValue<T[K]>> }>;
  readonly prototype: DataSet;
}

/** The class of both sets of images with labels and sets of named columns. */
export const DataSet = Examples as unknown as DataSetConstructor;

/** @throws {InvalidArgumentError} when the argument isn't a set of images and labels */
export function checkImageSet(dataSet: unknown): void {
  checkInstance('the examples', dataSet, DataSet, 'DataSet');
  if (!((dataSet as DataSet).images instanceof HostArray))
    throw new InvalidArgumentError(`the examples are a DataSet of images and labels, not a ${dataSet}`);
}

/** Checks the options of `nextBatch`. */
function onlyBatchOptions(options: BatchOptions | boolean, paired: boolean): BatchOptions {
  const shuffle = 'boolean';
  return paired
    ? onlyOptions(options as BatchOptions, { shuffle, fakeData: 'boolean' })
    : onlyOptions(options as Pick<BatchOptions, 'shuffle'>, { shuffle });
}

function arranged(given: unknown, labels: unknown, options: DataSetOptions | undefined): Arranged {
  if (given instanceof Arranged) return given;
  if (given instanceof HostArray || labels instanceof HostArray) return imagesAndLabels(given, labels, options);
  return namedColumns(given, labels as ColumnDataSetOptions | undefined);
}

function imagesAndLabels(images: unknown, labels: unknown, options: DataSetOptions = {}): Arranged {
  const {
    dtype = 'float32',
    oneHot,
    numClasses = 10,
    seed,
  } = onlyOptions(options, { dtype: ['float32', 'uint8'], oneHot: 'boolean', numClasses: 'number', seed: 'number' });
  checkInstance('images', images, HostArray, 'host array');
  checkInstance('labels', labels, HostArray, 'host array');
  const [imageArray, labelArray] = [images as HostArray<ImageDType>, labels as HostArray<GivenLabelDType | 'uint8'>];
  const [count] = imageArray.shape;
  if (count === undefined || labelArray.rank !== 1 || labelArray.size !== count)
    throw new InvalidArgumentError(
      `expected as many labels as images, got images ${shapeText(imageArray.shape)} and labels ${shapeText(labelArray.shape)}`,
    );
  const columns = {
    images: rowsOf(imageArray, dtype),
    labels: oneHot ? oneHotRows(labelArray, numClasses) : asGiven(labelArray),
  };
  return new Arranged(columns, true, seed);
}

function namedColumns(given: unknown, options: ColumnDataSetOptions = {}): Arranged {
  const isOther = given instanceof Examples || ArrayBuffer.isView(given);
  if (typeof given !== 'object' || given === null || isOther || Symbol.iterator in given)
    throw new InvalidArgumentError(
      `columns are an object of arrays, such as { features, species }, not ${shown(given)}`,
    );
  const { seed } = onlyOptions(options, { seed: 'number' });
  const columns = Object.fromEntries(
    Object.entries(given).map(([name, value]): [string, HostArray] => [name, columnOf(name, value)]),
  );
  const [first, ...others] = Object.values(columns);
  if (first === undefined) throw new InvalidArgumentError('expected columns, such as { features, species }, got none');
  if (others.some((column) => column.shape[0] !== first.shape[0]))
    throw new InvalidArgumentError(`expected as many examples in every column, got ${describeColumns(columns)}`);
  return new Arranged(columns, false, seed);
}

function columnOf(name: string, value: unknown): HostArray {
  try {
    const column = toHostArray(value as ArrayLike);
    if (column.rank > 0) return column;
  } catch (error) {
    throw withContext(error, (message) => `column ${name}: ${message}`);
  }
  throw new InvalidArgumentError(
    `column ${name}: expected an array with an element for each example, got ${shown(value)}`,
  );
}

function eachColumn(columns: Columns, make: (column: HostArray) => HostArray): Columns {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, make(column)]));
}

function describeColumns(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, { dtype, shape }]) => `${name} ${dtype} ${shapeText(shape)}`)
    .join(', ');
}

/** Images as a set stores them, one per row. */
function rowsOf(images: HostArray<ImageDType>, dtype: ImageDType): HostArray<ImageDType> {
  const shape = [images.shape[0]!, sizeOf(images.shape.slice(1))] as const;
  if (images.dtype === dtype) return images.rank === 2 ? images : images.reshape(shape);
  if (dtype !== 'float32' || images.dtype !== 'uint8')
    throw new InvalidArgumentError(`expected uint8 images for dtype ${dtype}, got ${images.dtype}`);
  const bytes = PackedImages.of(images.data as Uint8Array, shape[1]);
  return bytes ? scaledRows(bytes) : new HostArray('float32', shape, scaled(images.data));
}

/** Scales pixels from 0 … 255 to [0, 1]. Dividing in float64 and rounding to float32 gives exactly float32's own division. */
function scaled(pixels: Uint8Array | Float32Array): Float32Array {
  const values = new Float32Array(pixels.length);
  for (let i = 0; i < values.length; i++) values[i] = pixels[i]! / 255;
  return values;
}

function asGiven(labels: HostArray<GivenLabelDType | 'uint8'>): HostArray<GivenLabelDType> {
  if (labels.dtype === 'uint8') return toHostArray(labels, 'int32');
  if (LABEL_DTYPES.includes(labels.dtype)) return labels as HostArray<GivenLabelDType>;
  throw new InvalidArgumentError(`expected labels of ${LABEL_DTYPES.join(', ')} or uint8, got ${labels.dtype}`);
}

function oneHotRows({ data }: HostArray<GivenLabelDType | 'uint8'>, numClasses: number): HostArray<'float32'> {
  const values = new Float32Array(data.length * numClasses);
  for (let row = 0; row < data.length; row++) {
    const label = Number(data[row]);
    if (!Number.isInteger(label) || label < 0 || label >= numClasses)
      throw new InvalidArgumentError(`expected labels from 0 to ${numClasses - 1}, got ${label} for example ${row}`);
    values[row * numClasses + label] = 1;
  }
  return new HostArray('float32', [data.length, numClasses], values);
}

function onesLike<D extends HostDType>(array: HostArray<D>, count: number): HostArray<D> {
  const shape = [count, ...array.shape.slice(1)];
  const data = allocate(array.dtype, sizeOf(shape));
  (data as Float32Array).fill(1); // images: never bigints
  return new HostArray(array.dtype, shape, data);
}

/** Labels of class 0, in the form of `labels`. */
function firstClassLike<D extends HostDType>(labels: HostArray<D>, count: number): HostArray<D> {
  const shape = [count, ...labels.shape.slice(1)];
  const data = allocate(labels.dtype, sizeOf(shape));
  const [, numClasses] = shape;
  if (numClasses !== undefined) for (let at = 0; at < data.length; at += numClasses) data[at] = 1;
  return new HostArray(labels.dtype, shape, data);
}
