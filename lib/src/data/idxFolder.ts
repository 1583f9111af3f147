/**
 * The four IDX files of a data set in a folder: finds them under their usual names, and checks that they fit together.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataLossError, InvalidArgumentError, NotFoundError } from '../runtime/errors';
import { fileError, readWhole } from '../runtime/files';
import { HostArray, sizeOf } from '../runtime/hostArray';
import { checkKeys } from '../runtime/options';
import { shapeText } from '../runtime/shapeText';
import type { ImageDType } from './dataSet';
import { type IdxArray, parseIdx, unzip } from './idx';
import { isPublished, type PublishedSet, sumOf } from './publishedSets';

/** The parts of a data set, one per file. */
export const parts = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;

/** The SHA-256 of files, compressed or uncompressed; missing ones are not checked. */
export type Sums = Partial<Record<(typeof parts)[number], string>>;

/** Images `[n, height, width]` and their labels `[n]`. */
export interface LabelledImages {
  readonly images: HostArray<ImageDType>;
  readonly labels: HostArray<'int32'>;
}

/** The contents of a folder. */
export interface IdxFolder {
  readonly training: LabelledImages;
  readonly test: LabelledImages;
  readonly numClasses: number;
  /** Whether the checksum of every file was known and correct. */
  readonly checked: boolean;
}

/** The structure of a file name: the set, the kind of contents, and a prefix. */
const NAME =
  /^(?:(.*?)[-_.])??(train|training|t10k|test)[-_.](images|labels)(?:[-_.]idx[1-4])?(?:[-_.](?:ubyte|byte|short|int|float|double))?(?:\.idx)?(\.gz)?$/i;

/**
 * Reads the four files in the folder `dir`, under any usual name: `train-images-idx3-ubyte`, `train-images.idx3-ubyte`,
 * `emnist-digits-test-labels-idx1-ubyte` …, gzipped or not. If a file exists in both forms, the uncompressed one is
 * used.
 *
 * @param set the data set, if it is a published one
 * @param sums the expected checksums
 * @throws {NotFoundError} when one is missing; the message names it
 * @throws {InvalidArgumentError} when several files match, or the files don't fit together
 * @throws {DataLossError} when one is damaged, or its checksum isn't the one in `sums`
 */
export async function readIdxFolder(dir: string, set: PublishedSet | undefined, sums: Sums = {}): Promise<IdxFolder> {
  checkKeys(sums, parts, 'sums.');
  const files = findFiles(await filesIn(dir), dir, set);
  let checked = true;
  const read = async (part: (typeof parts)[number]) => {
    const file = join(dir, files[part]);
    const bytes = await readWhole(file);
    const unpacked = await unzip(bytes, file);
    const wanted = sums[part]?.toLowerCase();
    if (wanted === undefined) checked &&= isPublished(bytes, set, parts.indexOf(part));
    else checkSum(file, wanted, bytes, unpacked);
    return { file, array: parseIdx(unpacked, file) };
  };
  const [trainImages, trainLabels, testImages, testLabels] = (await Promise.all(parts.map(read))) as [
    Read,
    Read,
    Read,
    Read,
  ];
  const training = labelled(trainImages, trainLabels, set);
  const test = labelled(testImages, testLabels, set);
  const [size, testSize] = [training, test].map(({ images }) => images.shape.slice(1).join('×'));
  if (size !== testSize)
    throw new InvalidArgumentError(
      `${testImages.file}: expected images of ${size} pixels as in ${trainImages.file}, found ${testSize}`,
    );
  const numClasses = set?.numClasses ?? Math.max(greatest(training.labels), greatest(test.labels)) + 1;
  return { training, test, numClasses, checked };
}

/** @throws {DataLossError} when neither a file nor its uncompressed content has the expected SHA-256 */
function checkSum(file: string, wanted: string, bytes: Uint8Array, unpacked: Uint8Array): void {
  const found = [bytes, unpacked].map((each) => sumOf('sha256', each));
  if (!found.includes(wanted))
    throw new DataLossError(`${file}: expected a file of the SHA-256 ${wanted}, found ${found[1]} (unpacked)`);
}

interface Read {
  readonly file: string;
  readonly array: IdxArray;
}

async function filesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    throw fileError(`could not read ${dir}`, error);
  }
}

function findFiles(names: readonly string[], dir: string, set: PublishedSet | undefined) {
  const found: Partial<Record<(typeof parts)[number], string>> = {};
  const missing: string[] = [];
  for (const part of parts) {
    const candidates = candidatesFor(part, names, set);
    const distinct = [
      ...new Set(candidates.map((name) => name.replace(/\.gz$/i, '').toLowerCase().replace(/[_.]/g, '-'))),
    ];
    if (distinct.length > 1)
      throw new InvalidArgumentError(
        `${dir} has several files of ${words(part)}: ${candidates.join(', ')}; say which data set is meant, or give each a folder`,
      );
    // In sorted order, a name comes before the same name with .gz.
    if (candidates[0] === undefined)
      missing.push(
        `${set?.[part.startsWith('train') ? 'train' : 'test'][0] ?? (part.startsWith('train') ? 'train' : 't10k')}-${part.endsWith('Images') ? 'images-idx3' : 'labels-idx1'}-ubyte`,
      );
    else found[part] = candidates[0];
  }
  if (missing.length > 0)
    throw new NotFoundError(
      `${missing.join(', ')} not found in ${dir}, gzipped or not${names.length === 0 ? ', which is empty' : ''}`,
    );
  return found as Record<(typeof parts)[number], string>;
}

/** The matching names; for a published set, those with its own prefix, if there are any. */
function candidatesFor(
  part: (typeof parts)[number],
  names: readonly string[],
  set: PublishedSet | undefined,
): string[] {
  const isTraining = part.startsWith('train');
  const contents = part.endsWith('Images') ? 'images' : 'labels';
  const matching = names.flatMap((name) => {
    const [, prefix = '', which = '', what = ''] = NAME.exec(name) ?? [];
    if (what.toLowerCase() !== contents || which.toLowerCase().startsWith('train') !== isTraining) return [];
    return [{ name, beginning: prefix === '' ? which.toLowerCase() : `${prefix}-${which}`.toLowerCase() }];
  });
  if (set === undefined) return matching.map(({ name }) => name);
  for (const beginning of isTraining ? set.train : set.test) {
    const own = matching.filter((each) => each.beginning === beginning);
    if (own.length > 0) return own.map(({ name }) => name);
  }
  return [];
}

const words = (part: string) =>
  part
    .replace(/^train/, 'training ')
    .replace(/^test/, 'test ')
    .toLowerCase();

function labelled(images: Read, labels: Read, set: PublishedSet | undefined): LabelledImages {
  const pixels = pixelsOf(images, set?.transposed ?? false);
  const classes = classesOf(labels, set);
  if (pixels.shape[0] !== classes.size)
    throw new InvalidArgumentError(
      `expected as many labels as images, found ${classes.size} in ${labels.file} and ${pixels.shape[0]} in ${images.file}`,
    );
  return { images: pixels, labels: classes };
}

/** The images `[n, height, width]`: bytes, or floats from 0 to 1. */
function pixelsOf({ file, array }: Read, transposed: boolean): HostArray<ImageDType> {
  const { dtype, shape } = array;
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  if (shape.length < 3 || shape.length > 4 || channels !== 1)
    throw new InvalidArgumentError(
      `${file}: expected grey images, [n, height, width], found ${dtype} ${shapeText(shape)}`,
    );
  let data: Uint8Array | Float32Array;
  if (dtype === 'uint8') data = array.data;
  else if (dtype === 'float32' || dtype === 'float64') data = fractions(array.data, file);
  else data = bytesOf(array.data, file);
  const images =
    data instanceof Uint8Array
      ? new HostArray('uint8', [count, height, width], data)
      : new HostArray('float32', [count, height, width], data);
  return transposed ? swapped(images) : images;
}

function fractions(values: Float32Array | Float64Array, file: string): Float32Array {
  for (let i = 0; i < values.length; i++)
    if (!(values[i]! >= 0 && values[i]! <= 1))
      throw new InvalidArgumentError(
        `${file}: expected floating-point pixels from 0 to 1, found ${values[i]} at place ${i}`,
      );
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function bytesOf(values: Int8Array | Int16Array | Int32Array, file: string): Uint8Array {
  for (let i = 0; i < values.length; i++)
    if (values[i]! < 0 || values[i]! > 255)
      throw new InvalidArgumentError(`${file}: expected pixels from 0 to 255, found ${values[i]} at place ${i}`);
  return Uint8Array.from(values);
}

/** Transposes every image. */
function swapped(images: HostArray<ImageDType>): HostArray<ImageDType> {
  const [count = 0, height = 0, width = 0] = images.shape;
  const source = images.data;
  const data = source.slice();
  const pixels = sizeOf([height, width]);
  for (let from = 0; from < source.length; from += pixels)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) data[from + x * height + y] = source[from + y * width + x]!;
  return new HostArray(images.dtype, [count, width, height], data);
}

/** Converts the labels to class numbers from 0 on. */
function classesOf({ file, array }: Read, set: PublishedSet | undefined): HostArray<'int32'> {
  const { dtype, shape, data } = array;
  if (shape.length !== 1)
    throw new InvalidArgumentError(
      `${file}: expected labels, one number each, [n], found ${dtype} ${shapeText(shape)}`,
    );
  const first = set?.firstLabel ?? 0;
  const end = set ? first + set.numClasses : 2 ** 31;
  for (let i = 0; i < data.length; i++) {
    const label = data[i]!;
    if (!Number.isInteger(label) || label < first || label >= end)
      throw new InvalidArgumentError(
        `${file}: expected labels that are whole numbers from ${first} ${set ? `to ${end - 1}` : 'on'}, found ${label} for example ${i}`,
      );
  }
  return new HostArray(
    'int32',
    shape,
    Int32Array.from(data, (label) => label - first),
  );
}

function greatest({ data }: HostArray<'int32'>): number {
  let most = -1;
  for (const label of data) if (label > most) most = label;
  return most;
}
