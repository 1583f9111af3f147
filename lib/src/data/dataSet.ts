/**
 * A set of examples that hands out batches: each example once an epoch, in an order that a seed decides. It does what the
 * `DataSet` of TensorFlow's MNIST tutorials did, without moving the examples themselves.
 */

import { randomInt } from 'node:crypto';
import { inspect } from 'node:util';
import { checkInstance, shown } from '../runtime/arguments';
import { allocate, bytesPerElement } from '../runtime/dtypes';
import { InvalidArgumentError } from '../runtime/errors';
import { deferredArray, type ElementMaker, HostArray, makerOf, sizeOf, toHostArray } from '../runtime/hostArray';
import { onlyOptions } from '../runtime/options';
import { shapeText } from '../runtime/shapeText';
import { PackedImages } from './packedImages';
import { Random } from './random';

/** The dtypes that images come in: `float32` in [0, 1], or `uint8` in 0 … 255. */
export type ImageDType = 'float32' | 'uint8';

/** The dtypes in which labels stay as they are given: class numbers, or values of another kind as floats. */
export type GivenLabelDType = 'int32' | 'int64' | 'float32' | 'float64';

/** The dtype of labels: `float32` one-hot rows, or what was given, but that class numbers of one byte become `int32`. */
export type LabelDType<H extends boolean, L extends GivenLabelDType = 'int32'> = H extends true ? 'float32' : L;

/** How a {@link DataSet} gives its examples. */
export interface DataSetOptions<D extends ImageDType = ImageDType, H extends boolean = boolean> {
  /**
   * `float32` scales pixels of 0 … 255 to [0, 1]; `uint8` leaves them.
   *
   * @defaultValue `float32`
   */
  dtype?: D;
  /**
   * Whether a label is a row of `numClasses` with a single 1 instead of a class number.
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
  /**
   * Decides the order of every epoch.
   *
   * @defaultValue a random one, which {@link DataSet.seed} tells
   */
  seed?: number;
}

/** Options of {@link DataSet.nextBatch}. */
export interface BatchOptions {
  /**
   * Whether an epoch that this batch begins is in a new random order.
   *
   * @defaultValue `true`
   */
  shuffle?: boolean;
  /** Whether to return images of ones with label 0 instead of the next examples, and leave those where they are. */
  fakeData?: boolean;
}

/** The dtypes in which labels stay as they are. */
const LABEL_DTYPES: readonly GivenLabelDType[] = ['int32', 'int64', 'float32', 'float64'];

/** Rows shorter than this are copied an element at a time: a call of `set` costs more. */
const SHORT_ROW = 32;

/** Rows of packed images as floats, once they are looked at: those of these numbers, or all. */
class ScaledRows implements ElementMaker<'float32'> {
  constructor(
    readonly images: PackedImages,
    readonly rows?: Uint32Array,
  ) {}

  make(): Float32Array {
    const { images, rows = range(0, images.count) } = this;
    const data = uninitialized('float32', rows.length * images.width) as Float32Array;
    images.copyTo(data, rows);
    return data;
  }

  borrow(): Float32Array {
    const { images, rows } = this;
    return rows && images.hasRoomFor(rows.length) ? images.borrow(rows) : this.make();
  }
}

function scaledRows(images: PackedImages, rows?: Uint32Array): HostArray<'float32'> {
  return deferredArray('float32', [rows?.length ?? images.count, images.width], new ScaledRows(images, rows));
}

/** The bytes of a set's images, until somebody looks at their elements, which may be changed from then on. */
export function packedImages(images: HostArray): PackedImages | undefined {
  const maker = makerOf(images);
  return maker instanceof ScaledRows && maker.rows === undefined ? maker.images : undefined;
}

/** @throws {InvalidArgumentError} when a set of so many examples has no batch of this size */
export function checkBatchSize(batchSize: number, numExamples: number): void {
  if (numExamples === 0) throw new InvalidArgumentError('the set has no examples, of which to make a batch');
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > numExamples)
    throw new InvalidArgumentError(
      `expected a batch size from 1 to ${numExamples}, the number of examples, got ${shown(batchSize)}`,
    );
}

class Examples<D extends ImageDType = 'float32', H extends boolean = false, L extends GivenLabelDType = 'int32'> {
  /** All images, a row each: `[numExamples, pixels]`, in file order. */
  readonly images: HostArray<D>;
  /** All labels in file order: `[numExamples]` class numbers, or `[numExamples, numClasses]` one-hot rows. */
  readonly labels: HostArray<LabelDType<H, L>>;
  /** The seed of the epochs' orders. */
  readonly seed: number;
  #random: Random;
  /** The rows in the order of this epoch. */
  readonly #order: Uint32Array;
  #indexInEpoch = 0;
  #epochsCompleted = 0;

  constructor(
    images: HostArray<ImageDType>,
    labels: HostArray<GivenLabelDType | 'uint8'>,
    options: DataSetOptions<D, H> = {},
  ) {
    const {
      dtype,
      oneHot,
      numClasses = 10,
      seed = randomInt(2 ** 32),
    } = onlyOptions(options, ['dtype', 'oneHot', 'numClasses', 'seed']);
    checkInstance('images', images, HostArray, 'host array');
    checkInstance('labels', labels, HostArray, 'host array');
    const [count] = images.shape;
    if (count === undefined || labels.rank !== 1 || labels.size !== count)
      throw new InvalidArgumentError(
        `expected as many labels as images, got images ${shapeText(images.shape)} and labels ${shapeText(labels.shape)}`,
      );
    this.images = rowsOf(images, dtype ?? 'float32') as HostArray<D>;
    this.labels = (oneHot
      ? oneHotRows(labels, numClasses)
      : asGiven(labels)) as HostArray<GivenLabelDType> as HostArray<LabelDType<H, L>>;
    this.seed = seed;
    this.#random = new Random(seed);
    this.#order = range(0, count);
  }

  /** The number of examples. */
  get numExamples(): number {
    return this.#order.length;
  }

  /** How many epochs lie behind. An epoch is completed by the first batch that needs examples of the next one. */
  get epochsCompleted(): number {
    return this.#epochsCompleted;
  }

  /** How many examples of this epoch have been handed out. */
  get indexInEpoch(): number {
    return this.#indexInEpoch;
  }

  /**
   * The next `batchSize` examples: images `[batchSize, pixels]` and labels `[batchSize]` (one-hot: `[batchSize, numClasses]`),
   * in arrays of their own. Where an epoch ends within a batch, its last examples and the first of the next epoch
   * make the batch together; nothing is left out.
   *
   * With `shuffle: false`, an epoch is in the order of the one before it, which at first is file order.
   *
   * @param options a boolean alone is `fakeData`, which the article gives by position
   * @throws {InvalidArgumentError} when `batchSize` isn't a whole number from 1 to `numExamples`, or the set has no examples
   */
  nextBatch(
    batchSize: number,
    options: BatchOptions | boolean = {},
  ): [images: HostArray<D>, labels: HostArray<LabelDType<H, L>>] {
    const { shuffle = true, fakeData = false } =
      typeof options === 'boolean' ? { fakeData: options } : onlyOptions(options, ['shuffle', 'fakeData']);
    checkBatchSize(batchSize, this.numExamples);
    if (fakeData) return [onesLike(this.images, batchSize), firstClassLike(this.labels, batchSize)];
    const rows = this.#nextRows(batchSize, shuffle);
    return [this.#imagesOf(rows), gather(this.labels, rows)];
  }

  /**
   * The next `batchSize` examples by their numbers: what {@link nextBatch} would hand out, for a graph that has the examples.
   *
   * @throws {InvalidArgumentError} when `batchSize` isn't a whole number from 1 to `numExamples`, or the set has no examples
   *
   * @example
   * const rows = sets.train.nextRows(100); // HostArray<'int32'> [100]
   */
  nextRows(batchSize: number, options: Pick<BatchOptions, 'shuffle'> = {}): HostArray<'int32'> {
    const { shuffle = true } = onlyOptions(options, ['shuffle']);
    checkBatchSize(batchSize, this.numExamples);
    return new HostArray('int32', [batchSize], Int32Array.from(this.#nextRows(batchSize, shuffle)));
  }

  /**
   * The examples from `begin` up to and without `end`, in file order. They are none of the batches, and may share the memory of `images`
   * and `labels`.
   *
   * @throws {InvalidArgumentError} when these are no whole numbers from 0 to `numExamples`, the first not above the second
   *
   * @example
   * const [images, labels] = sets.test.slice(0, 1000);
   */
  slice(begin: number, end: number): [images: HostArray<D>, labels: HostArray<LabelDType<H, L>>] {
    if (!Number.isInteger(begin) || !Number.isInteger(end) || begin < 0 || begin > end || end > this.numExamples)
      throw new InvalidArgumentError(
        `expected a part of ${this.numExamples} examples, from 0 to ${this.numExamples}, got ${shown(begin)} to ${shown(end)}`,
      );
    const images = packedImages(this.images) ? this.#imagesOf(range(begin, end)) : part(this.images, begin, end);
    return [images, part(this.labels, begin, end)];
  }

  /**
   * Passes over examples as if batches had handed them out, so that training which goes on from a checkpoint sees what it would
   * have seen.
   *
   * @param examples how many, over as many epochs as it takes
   * @throws {InvalidArgumentError} when it isn't a whole number of 0 or more, or the set has no examples
   */
  skip(examples: number, options: Pick<BatchOptions, 'shuffle'> = {}): void {
    const { shuffle = true } = onlyOptions(options, ['shuffle']);
    if (!Number.isInteger(examples) || examples < 0)
      throw new InvalidArgumentError(`expected a number of examples to skip, got ${shown(examples)}`);
    if (examples > 0 && this.numExamples === 0)
      throw new InvalidArgumentError(`expected no examples to skip of a set that has none, got ${shown(examples)}`);
    for (let left = examples; left > 0; left -= this.numExamples)
      this.#nextRows(Math.min(left, this.numExamples), shuffle);
  }

  /**
   * Begins the first epoch anew: batches come in the order again in which they came at first. A training that is run again in a
   * notebook sees what it saw, and with a new session, whose random operations begin anew as well, it has the same losses.
   *
   * @example
   * sets.train.reset();
   */
  reset(): void {
    this.#random = new Random(this.seed);
    this.#order.set(range(0, this.numExamples));
    this.#indexInEpoch = 0;
    this.#epochsCompleted = 0;
  }

  toString(): string {
    const { images, labels } = this;
    const arrays = `images ${images.dtype} ${shapeText(images.shape)}, labels ${labels.dtype} ${shapeText(labels.shape)}`;
    return `DataSet of ${this.numExamples.toLocaleString('en-US')} examples: ${arrays}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  #imagesOf(rows: Uint32Array): HostArray<D> {
    const bytes = packedImages(this.images);
    return bytes
      ? (scaledRows(bytes, rows.slice()) as HostArray<ImageDType> as HostArray<D>)
      : gather(this.images, rows);
  }

  #nextRows(count: number, shuffle: boolean): Uint32Array {
    if (shuffle && this.#indexInEpoch === 0) this.#random.shuffle(this.#order);
    const start = this.#indexInEpoch;
    const end = start + count;
    if (end <= this.numExamples) {
      this.#indexInEpoch = end;
      return this.#order.subarray(start, end);
    }
    const rows = new Uint32Array(count);
    rows.set(this.#order.subarray(start));
    if (shuffle) this.#random.shuffle(this.#order);
    this.#epochsCompleted++;
    this.#indexInEpoch = end - this.numExamples;
    rows.set(this.#order.subarray(0, this.#indexInEpoch), count - this.#indexInEpoch);
    return rows;
  }
}

/**
 * Images with their labels, and a place in an endless sequence of epochs over them.
 *
 * @typeParam D the dtype of the images
 * @typeParam H whether labels are one-hot
 * @typeParam L the dtype in which labels were given; bytes count as `int32`
 *
 * @example
 * const { train } = await data.readDataSets('data', { fakeData: true });
 * const [images, labels] = train.nextBatch(100); // HostArray<'float32'> [100, 784], HostArray<'int32'> [100]
 */
export type DataSet<
  D extends ImageDType = 'float32',
  H extends boolean = false,
  L extends GivenLabelDType = 'int32',
> = Examples<D, H, L>;

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
  readonly prototype: DataSet;
}

export const DataSet = Examples as DataSetConstructor;

/** Some rows of an array, not copied. */
function part<T extends Numeric>(array: HostArray<T>, begin: number, end: number): HostArray<T> {
  const [, ...rest] = array.shape;
  const width = sizeOf(rest);
  const data = array.data.subarray(begin * width, end * width) as HostArray<T>['data'];
  return new HostArray(array.dtype, [end - begin, ...rest], data);
}

/** Images as a set keeps them, a row each. */
function rowsOf(images: HostArray<ImageDType>, dtype: ImageDType): HostArray<ImageDType> {
  const shape = [images.shape[0]!, sizeOf(images.shape.slice(1))] as const;
  if (images.dtype === dtype) return images.rank === 2 ? images : images.reshape(shape);
  if (dtype !== 'float32' || images.dtype !== 'uint8')
    throw new InvalidArgumentError(`expected uint8 images for dtype ${dtype}, got ${images.dtype}`);
  const bytes = PackedImages.of(images.data as Uint8Array, shape[1]);
  return bytes ? scaledRows(bytes) : new HostArray('float32', shape, scaled(images.data));
}

/** The numbers from `begin` up to and without `end`. */
function range(begin: number, end: number): Uint32Array {
  const numbers = new Uint32Array(end - begin);
  for (let i = 0; i < numbers.length; i++) numbers[i] = begin + i;
  return numbers;
}

/** Pixels of 0 … 255 in [0, 1]. Dividing in float64 and rounding to float32 is exactly float32's own division. */
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

type Numeric = ImageDType | GivenLabelDType;

/** The chosen `rows` of an array, in an array of their own. */
function gather<T extends Numeric>(array: HostArray<T>, rows: Uint32Array): HostArray<T> {
  const [, ...rest] = array.shape;
  const width = sizeOf(rest);
  const source = array.data as Float32Array;
  const target = uninitialized(array.dtype, rows.length * width) as Float32Array;
  if (width < SHORT_ROW) {
    let at = 0;
    for (const row of rows)
      for (let from = row * width, end = from + width; from < end; ) target[at++] = source[from++]!;
  } else {
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i]! * width;
      target.set(source.subarray(from, from + width), i * width);
    }
  }
  return new HostArray(array.dtype, [rows.length, ...rest], target as HostArray<T>['data']);
}

/** Storage that is to be filled wholly: clearing a batch of images first takes about a third of the time of filling it. */
function uninitialized(dtype: Numeric, length: number): HostArray<Numeric>['data'] {
  const { buffer } = Buffer.allocUnsafeSlow(length * bytesPerElement(dtype));
  if (dtype === 'float32') return new Float32Array(buffer);
  if (dtype === 'float64') return new Float64Array(buffer);
  if (dtype === 'int64') return new BigInt64Array(buffer);
  return dtype === 'int32' ? new Int32Array(buffer) : new Uint8Array(buffer);
}

function onesLike<T extends ImageDType>(array: HostArray<T>, count: number): HostArray<T> {
  const shape = [count, ...array.shape.slice(1)];
  const data = allocate(array.dtype, sizeOf(shape));
  (data as Float32Array).fill(1); // images: never bigints
  return new HostArray(array.dtype, shape, data);
}

/** Labels of class 0 in the form of `labels`. */
function firstClassLike<T extends Numeric>(labels: HostArray<T>, count: number): HostArray<T> {
  const shape = [count, ...labels.shape.slice(1)];
  const data = allocate(labels.dtype, sizeOf(shape));
  const [, numClasses] = shape;
  if (numClasses !== undefined) for (let at = 0; at < data.length; at += numClasses) data[at] = 1;
  return new HostArray(labels.dtype, shape, data);
}
