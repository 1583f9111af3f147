/** TFRecord files of `Example` messages: TensorFlow's own format for data sets, which Python reads and writes too. */

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable, type Transform } from 'node:stream';
import { createDeflate, createGunzip, createGzip, createInflate } from 'node:zlib';
import { Example, type Feature } from '../protos';
import { checkArray, checkObject, checkPath, shown } from '../runtime/arguments';
import { maskedCrc32c } from '../runtime/crc32c';
import { type HostDType, isFloating } from '../runtime/dtypes';
import { leafOf } from '../runtime/elements';
import { messageOf, withContext } from '../runtime/errorContext';
import { DataLossError, InvalidArgumentError, TensorFlowError } from '../runtime/errors';
import { fileError, replaceFile } from '../runtime/files';
import { checkHostDType, type HostArray, sizeOf } from '../runtime/hostArray';
import { onlyOptions } from '../runtime/options';
import { RecordBuffer, RecordDecoder } from '../runtime/records';
import { shapeText } from '../runtime/shapeText';
import { type Element, elementForMissing } from './cells';
import { type ColumnDataSet, type Columns, DataSet, type GivenLabelDType, type ImageDType } from './dataSet';
import { GrowingArray } from './growingArray';

/** Options of a feature for {@link readExamples}. */
export interface ExampleFeatureOptions<D extends HostDType = HostDType> {
  /** The dtype of the resulting array. */
  dtype: D;
  /**
   * The shape of the values of one example.
   *
   * @defaultValue `[]`, one value
   */
  shape?: readonly number[];
  /**
   * The value to use, repeatedly, for an example without this feature.
   *
   * @defaultValue nothing: such an example is an error
   */
  ifMissing?: number | bigint | boolean | string;
}

/** A feature to read: the dtype of its single value, or options. */
export type ExampleFeature = HostDType | ExampleFeatureOptions;

/** The array that results from an {@link ExampleFeature}. */
export type ExampleArray<T> = T extends HostDType
  ? HostArray<T>
  : T extends { dtype: infer D extends HostDType }
    ? HostArray<D>
    : never;

/** Options of {@link writeExamples}. */
export interface WriteExamplesOptions {
  /**
   * The compression of the file, by the names of Python's `TFRecordOptions`.
   *
   * @defaultValue none
   */
  compression?: 'GZIP' | 'ZLIB';
}

/** The number of bytes read or written at once. */
const PIECE = 1 << 20;

/**
 * Reads columns of examples from TFRecord files, with types that follow from `features`. Compressed files (GZIP or
 * ZLIB) are decompressed.
 *
 * `float32` and `float64` are read from an example's float values, integers and `bool` from its `int64` values,
 * `string` from its bytes. `uint8` with a shape can also be read from a single byte string of that size, as pictures
 * are often stored.
 *
 * @param files a file, or several, which are read in order
 * @param features what to read, by name; other features are ignored
 * @returns arrays `[examples, …shape]`, for `new data.DataSet(columns)`
 * @throws {NotFoundError} when there is no such file
 * @throws {DataLossError} when a file is damaged or truncated, or a record isn't an example; the message contains the
 * record and its position
 * @throws {InvalidArgumentError} when an example lacks a feature, or its values are of another kind or number; the
 * message contains file, record (counted from 0) and feature
 *
 * @example
 * await data.writeExamples('flowers.tfrecord', { size: tf.hostArray([[5.1, 3.5], [6.3, 3.3]]), species: tf.hostArray([0, 1], 'int32') });
 * const { size, species } = await data.readExamples('flowers.tfrecord', {
 *   size: { dtype: 'float32', shape: [2] },
 *   species: 'int32',
 * });
 * size.shape; // [2, 2]
 * species.toArray(); // [0, 1]
 */
export async function readExamples<T extends Readonly<Record<string, ExampleFeature>>>(
  files: string | readonly string[],
  features: T,
): Promise<{ -readonly [K in keyof T]: ExampleArray<T[K]> }> {
  checkObject('what is read of examples', features);
  const wanted = Object.entries(features).map(([name, feature]) => wantedFeature(name, feature));
  if (wanted.length === 0)
    throw new InvalidArgumentError("expected features to read, such as { price: 'float32' }, got none");
  const paths = typeof files === 'string' ? [files] : files;
  checkArray('files to read', paths);
  if (paths.length === 0) throw new InvalidArgumentError('expected files to read, got none');
  let count = 0;
  for (const path of paths) count += await readFile(path, wanted);
  const arrays = wanted.map(({ name, shape, values }): [string, HostArray] => [
    name,
    values.toArray([count, ...shape]),
  ]);
  return Object.fromEntries(arrays) as { [K in keyof T]: ExampleArray<T[K]> };
}

/**
 * Writes a set, or columns, as a TFRecord file with one `Example` per record. An existing file is replaced atomically.
 *
 * `float32` columns are stored as floats, integers and `bool` as `int64` values, and strings as bytes. A `uint8` column
 * with more than one number per example is stored as a single byte string, which Python's `tf.io.decode_raw` decodes.
 *
 * @param set of named columns or of images and labels, or arrays `[examples, …]` by name
 * @throws {InvalidArgumentError} when a column is `float64`, which examples can't store, or a `uint64` beyond 2^63
 * @throws {TensorFlowError} when the file can't be written
 *
 * @example
 * const flowers = new data.DataSet({ size: [[5.1, 3.5], [6.3, 3.3]], species: ['setosa', 'virginica'] });
 * await data.writeExamples('flowers.tfrecord.gz', flowers, { compression: 'GZIP' });
 */
export async function writeExamples<C extends Columns<keyof C>>(
  path: string,
  set: ColumnDataSet<C> | DataSet<ImageDType, boolean, GivenLabelDType> | C,
  options: WriteExamplesOptions = {},
): Promise<void> {
  const { compression } = onlyOptions(options, { compression: ['GZIP', 'ZLIB'] });
  checkPath('the name of a file', path);
  const { columns, numExamples } = set instanceof DataSet ? set : new DataSet(set as Columns<keyof C> as Columns);
  const writers = Object.entries<HostArray>(columns).map(
    ([name, column]) => [name, featureWriter(name, column)] as const,
  );
  const bytes = recordsOf(writers, numExamples);
  if (!compression) return replaceFile(path, bytes);
  const pack = compression === 'GZIP' ? createGzip() : createDeflate();
  await replaceFile(path, piped(Readable.from(bytes), pack));
}

type FeatureOf = (example: number) => Parameters<typeof Feature.encode>[0];

/** The records, in pieces. */
async function* recordsOf(
  writers: readonly (readonly [string, FeatureOf])[],
  count: number,
): AsyncGenerator<Uint8Array> {
  const records = new RecordBuffer();
  for (let example = 0; example < count; example++) {
    records.add(exampleOf(writers, example));
    if (records.length < PIECE) continue;
    yield records.bytes.slice(0, records.length);
    records.clear();
  }
  yield records.bytes.subarray(0, records.length);
}

function exampleOf(writers: readonly (readonly [string, FeatureOf])[], example: number): Uint8Array {
  const feature = Object.fromEntries(writers.map(([name, featureOf]) => [name, featureOf(example)]));
  try {
    return Example.encode({ features: { feature } });
  } catch (error) {
    throw withContext(error, (message) => `example ${example}: ${message}`);
  }
}

function featureWriter(name: string, column: HostArray): FeatureOf {
  const { dtype, shape } = column;
  const width = sizeOf(shape.slice(1));
  const part = <T>(data: { slice(begin: number, end: number): T }, example: number) =>
    data.slice(example * width, (example + 1) * width);
  const { data } = column;
  if (Array.isArray(data)) return (example) => ({ bytesList: { value: part(data, example) } });
  if (dtype === 'float64')
    throw new InvalidArgumentError(
      `column ${name}: examples hold float32 and int64, not float64; tf.hostArray(column, 'float32') converts`,
    );
  if (dtype === 'uint64') checkInt64(name, data as BigUint64Array, width);
  if (dtype === 'float32') return (example) => ({ floatList: { value: part(data as Float32Array, example) } });
  if (dtype === 'uint8' && shape.length > 1)
    return (example) => ({ bytesList: { value: [part(data as Uint8Array, example)] } });
  return (example) => ({ int64List: { value: part(data as Int32Array, example) } });
}

function checkInt64(name: string, data: BigUint64Array, width: number): void {
  const at = data.findIndex((value) => leafOf(value, 'int64') === undefined);
  if (at >= 0)
    throw new InvalidArgumentError(
      `column ${name}: example ${Math.floor(at / width)} has ${data[at]}, which int64 doesn't hold`,
    );
}

/** A feature to read, and the values read so far. */
interface WantedFeature {
  readonly name: string;
  readonly dtype: HostDType;
  readonly shape: readonly number[];
  /** The number of values per example. */
  readonly size: number;
  /** The replacement for a missing value. */
  readonly ifMissing: Element | undefined;
  readonly values: GrowingArray;
}

function wantedFeature(name: string, given: ExampleFeature): WantedFeature {
  try {
    const {
      dtype,
      shape = [],
      ifMissing,
    } = typeof given === 'string'
      ? { dtype: given }
      : onlyOptions(given, { dtype: 'string', shape: 'array', ifMissing: 'any' });
    checkHostDType(dtype);
    const element = elementForMissing(ifMissing, dtype);
    return { name, dtype, shape, size: sizeOf(shape), ifMissing: element, values: new GrowingArray(dtype) };
  } catch (error) {
    throw withContext(error, (message) => `feature ${name}: ${message}`);
  }
}

/** Reads the features of a file's examples, and returns the number of examples. */
async function readFile(path: string, wanted: readonly WantedFeature[]): Promise<number> {
  checkPath('the name of a file', path);
  const decoder = new RecordDecoder();
  let count = 0;
  const check = (damage: (typeof decoder.damage)[number] | undefined) => {
    if (damage) throw new DataLossError(`${path}: record ${count}, at byte ${damage.offset}: ${damage.message}`);
  };
  try {
    for await (const piece of await contentsOf(path)) {
      const records = decoder.push(piece);
      // Intact records behind a damaged one don't count: the examples would differ from those of the file.
      const { offset: end = Number.POSITIVE_INFINITY } = decoder.damage[0] ?? {};
      for (const { data, offset } of records) {
        if (offset > end) break;
        readExample(data, wanted, (what) => `${path}: record ${count}, at byte ${offset}: ${what}`);
        count++;
      }
      check(decoder.damage[0]);
    }
  } catch (error) {
    if (error instanceof TensorFlowError) throw error;
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_'))
      throw new DataLossError(
        `${path}: record ${count}: expected a whole packed file, found a damaged one (${messageOf(error)})`,
      );
    throw fileError(`could not read ${path}`, error);
  }
  check(decoder.end()[0]);
  return count;
}

/** The bytes of a file, decompressed if necessary. */
async function contentsOf(path: string): Promise<AsyncIterable<Uint8Array>> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0).finally(() => file.close());
  const bytes = createReadStream(path, { highWaterMark: PIECE });
  const unpack = unpackerOf(buffer.subarray(0, bytesRead));
  return unpack ? piped(bytes, unpack) : bytes;
}

/** Pipes `source` through a transform. When one of them ends early, so does the other. */
function piped(source: Readable, through: Transform): Transform {
  return pipeline(source, through, () => undefined); // errors are reported to the reader of the result
}

/** A decompressor for a file with this beginning; undefined if it begins with the header of a record. */
function unpackerOf(beginning: Buffer): Transform | undefined {
  if (beginning.length === 12 && beginning.readUInt32LE(8) === maskedCrc32c(beginning, 0, 8)) return undefined;
  if (beginning[0] === 0x1f && beginning[1] === 0x8b) return createGunzip();
  // The first byte names the method; the two bytes together are a multiple of 31.
  if ((beginning[0]! & 0x0f) === 8 && beginning.length > 1 && beginning.readUInt16BE(0) % 31 === 0)
    return createInflate();
  return undefined;
}

function readExample(bytes: Uint8Array, wanted: readonly WantedFeature[], at: (what: string) => string): void {
  let feature: Record<string, Feature>;
  try {
    feature = Example.decode(bytes).features?.feature ?? {};
  } catch (error) {
    throw withContext(error, at);
  }
  for (const one of wanted) {
    const wrong = readFeature(Object.hasOwn(feature, one.name) ? feature[one.name] : undefined, one);
    if (wrong !== undefined) throw new InvalidArgumentError(at(`feature ${one.name}: ${wrong}`));
  }
}

/** Reads the values of a feature, or returns what is wrong with them. */
function readFeature(feature: Feature | undefined, wanted: WantedFeature): string | undefined {
  const { dtype, size, shape, ifMissing, values } = wanted;
  const kind = kindOf(feature);
  if (!kind) {
    if (ifMissing === undefined) return 'the example has none; ifMissing says what to put there';
    for (let i = 0; i < size; i++) values.push(ifMissing);
    return undefined;
  }
  const { name, value } = kind;
  if (dtype === 'uint8' && name === 'bytes') {
    const [raw] = value as Uint8Array[];
    if (value.length !== 1 || raw!.length !== size)
      return `expected one value of ${size} bytes, for uint8 ${shapeText(shape)}, got values of ${(value as Uint8Array[]).map(({ length }) => length).join(', ') || 'none'}`;
    values.append(raw!);
    return undefined;
  }
  const wantedName = dtype === 'string' ? 'bytes' : isFloating(dtype) ? 'float' : 'int64';
  if (name !== wantedName) return `expected ${wantedName} values, for ${dtype}, got ${name} ones`;
  if (value.length !== size) return `expected ${size} values, for shape ${shapeText(shape)}, got ${value.length}`;
  for (let i = 0; i < size; i++) {
    const given = value[i]!;
    const element = leafOf(dtype === 'bool' && (given === 0 || given === 1) ? given === 1 : given, dtype);
    if (element === undefined) return `expected ${dtype}, got ${shown(given)}`;
    values.push(element);
  }
  return undefined;
}

/** The values of a feature and their kind; undefined for a feature without values of any kind. */
function kindOf(
  feature: Feature | undefined,
): { name: string; value: readonly (number | bigint | Uint8Array)[] } | undefined {
  const { bytesList, floatList, int64List } = feature ?? {};
  if (bytesList) return { name: 'bytes', value: bytesList.value };
  if (floatList) return { name: 'float', value: floatList.value };
  if (int64List) return { name: 'int64', value: int64List.value };
  return undefined;
}
