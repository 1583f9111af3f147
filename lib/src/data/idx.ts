/**
 * The IDX file format, in which MNIST is published: a magic number (two zero bytes, the element type, the number of
 * dimensions), each dimension as a big-endian 32-bit integer, and the elements, big-endian, in row-major order. It is
 * described on the page of the MNIST database, http://yann.lecun.com/exdb/mnist/.
 */

import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { checkInstance, checkPath } from '../runtime/arguments';
import { allocate, bytesPerElement } from '../runtime/dtypes';
import { messageOf } from '../runtime/errorContext';
import { DataLossError, InvalidArgumentError, TensorFlowError } from '../runtime/errors';
import { readWhole, replaceFile } from '../runtime/files';
import { HostArray } from '../runtime/hostArray';
import { shapeText } from '../runtime/shapeText';

const gzip = promisify(zlib.gzip);
const gunzip = promisify(zlib.gunzip);

/** The codes of element types in the magic number's third byte. */
const types = { uint8: 0x08, int8: 0x09, int16: 0x0b, int32: 0x0c, float32: 0x0d, float64: 0x0e } as const;

/**
 * Gzip compresses equal bytes a thousandfold, but pictures and labels hardly tenfold. A gzip file of more than 64 MiB
 * whose compression ratio is greater than this is assumed to be a decompression bomb.
 */
const MOST_RATIO = 64;
const SMALL = 64 * 2 ** 20;

/** The dtypes that an IDX file can contain. */
export type IdxDType = keyof typeof types;

/** An array of one of IDX's dtypes; checking its `dtype` narrows the type. */
export type IdxArray = { [D in IdxDType]: HostArray<D> }[IdxDType];

const dtypes = new Map<number, IdxDType>(Object.entries(types).map(([dtype, number]) => [number, dtype as IdxDType]));

/**
 * Parses the bytes of an IDX file (not gzipped). Elements of one byte are not copied: the array shares its memory with
 * `bytes`.
 *
 * @param name the name of the bytes in errors, such as their file's path
 * @throws {DataLossError} when the bytes are not IDX, or more or fewer than the header says
 *
 * @example
 * data.parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9)).toArray(); // [7, 8, 9]
 */
export function parseIdx(bytes: Uint8Array, name = 'IDX data'): IdxArray {
  checkInstance('what IDX data are read from', bytes, Uint8Array, 'Uint8Array');
  const { dtype, shape, start, size } = readHeader(bytes, name);
  if (bytes.length !== size)
    throw new DataLossError(`${name}: expected ${size} bytes for ${dtype} ${shapeText(shape)}, found ${bytes.length}`);
  return new HostArray(dtype, shape, elements(dtype, bytes.subarray(start))) as IdxArray;
}

/** Parses the header of an IDX file: the offset of its elements, and the total size. */
function readHeader(
  bytes: Uint8Array,
  name: string,
): { dtype: IdxDType; shape: number[]; start: number; size: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4)
    throw new DataLossError(
      `${name}: expected an IDX file, whose magic number has 4 bytes, found ${bytes.length} bytes`,
    );
  const magic = view.getUint32(0);
  const dtype = dtypes.get((magic >>> 8) & 0xff);
  if (magic >>> 16 !== 0 || dtype === undefined)
    throw new DataLossError(
      `${name}: expected an IDX file, whose magic number is 0x0000, an element type (0x08, 0x09, 0x0b to 0x0e) and the ` +
        `number of dimensions, found 0x${magic.toString(16).padStart(8, '0')}`,
    );
  const rank = magic & 0xff;
  const start = 4 + 4 * rank;
  if (bytes.length < start)
    throw new DataLossError(
      `${name}: expected ${start} bytes of header for ${rank} dimensions, found ${bytes.length} bytes`,
    );
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const elements = shape.reduce((product, dimension) => product * dimension, 1); // a damaged header may claim any number
  return { dtype, shape, start, size: start + elements * bytesPerElement(dtype) };
}

/**
 * Encodes an array as an IDX file.
 *
 * @throws {InvalidArgumentError} when IDX doesn't support the array's dtype, rank or dimensions
 *
 * @example
 * data.serializeIdx(tf.hostArray([7, 8, 9], 'uint8')); // 11 bytes: a header of 8, and the numbers
 */
export function serializeIdx(array: HostArray<IdxDType>): Uint8Array {
  checkInstance('what IDX holds', array, HostArray, 'host array');
  const { dtype, shape } = array;
  const type = types[dtype];
  if (type === undefined || shape.length > 255 || shape.some((dimension) => dimension >= 2 ** 32))
    throw new InvalidArgumentError(
      `IDX holds ${Object.keys(types).join(', ')} of up to 255 dimensions below 2^32, not ${dtype} ${shapeText(shape)}`,
    );
  const start = 4 + 4 * shape.length;
  const bytes = new Uint8Array(start + array.data.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, (type << 8) | shape.length);
  for (const [axis, dimension] of shape.entries()) view.setUint32(4 + 4 * axis, dimension);
  bytes.set(new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength), start);
  toOrFromBigEndian(bytes.subarray(start), bytesPerElement(dtype));
  return bytes;
}

/**
 * Reads the IDX file at `path`, gzipped or not.
 *
 * @param dtype the expected dtype
 * @throws {InvalidArgumentError} when it contains another dtype than `dtype`
 * @throws {NotFoundError} when there is no such file
 * @throws {DataLossError} when it is not IDX, truncated, or longer than its header says; or when it is gzipped and
 * claims an implausible size
 *
 * @example
 * const images = await data.readIdx('data/train-images-idx3-ubyte.gz', 'uint8'); // HostArray<'uint8'> [60000, 28, 28]
 */
export async function readIdx<D extends IdxDType>(path: string, dtype: D): Promise<HostArray<D>>;
/** Without a dtype, it may be any of IDX's: checking the array's `dtype` narrows the type. */
export async function readIdx(path: string): Promise<IdxArray>;
export async function readIdx(path: string, dtype?: IdxDType): Promise<HostArray> {
  const array = parseIdx(await unzip(await readWhole(path), path), path);
  if (dtype !== undefined && array.dtype !== dtype)
    throw new InvalidArgumentError(`${path}: expected ${dtype}, found ${array.dtype} ${shapeText(array.shape)}`);
  return array;
}

/**
 * Writes `array` to an IDX file at `path`, gzipped if the name ends in `.gz`. An existing file is replaced atomically.
 *
 * @throws {InvalidArgumentError} when IDX can't represent the array
 * @throws {TensorFlowError} when the file can't be written
 *
 * @example
 * await data.writeIdx('labels-idx1-ubyte.gz', tf.hostArray([7, 2, 1], 'uint8'));
 * (await data.readIdx('labels-idx1-ubyte.gz')).shape; // [3]
 */
export async function writeIdx(path: string, array: HostArray<IdxDType>): Promise<void> {
  checkPath('the name of a file', path);
  const bytes = serializeIdx(array);
  await replaceFile(path, path.endsWith('.gz') ? await gzip(bytes) : bytes);
}

/**
 * Whether `bytes` begin like a gzip file. The file's name isn't used, because some browsers decompress what they save.
 */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Decompresses the gzip file of an IDX file; other bytes are returned unchanged. The result is limited to the size that
 * its header states, and no more memory is allocated.
 *
 * @param name the name of the bytes, for errors
 * @param limit the maximum size; by default, derived from a plausible compression ratio, see {@link MOST_RATIO}
 * @throws {DataLossError} when they are a truncated or damaged gzip file, don't contain an IDX file or contain more
 * than its header states, or it states more than `limit`
 */
export async function unzip(bytes: Uint8Array, name: string, limit?: number): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  const most = limit ?? Math.max(SMALL, MOST_RATIO * bytes.length);
  let size = 0;
  try {
    ({ size } = readHeader(beginning(bytes), name));
    if (size > most)
      throw new DataLossError(
        `${name}: ${bytes.length} bytes of gzip claim to hold ${size}, more than the ${most} that are unpacked of so few; ` +
          'if that is right, unpack it with gunzip',
      );
    // In one piece, which takes half the time; with room for an extra byte, so that zlib knows that this is all.
    return await gunzip(bytes, { chunkSize: Math.max(64, size + 1), maxOutputLength: Math.max(1, size) });
  } catch (error) {
    if (error instanceof TensorFlowError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new DataLossError(`${name}: expected ${size} bytes, by its header, found more`);
    throw new DataLossError(`${name}: expected a whole gzip file, found a damaged one (${messageOf(error)})`);
  }
}

/** The first uncompressed bytes of a gzip file; for a damaged one, what can be read. */
function beginning(bytes: Uint8Array): Uint8Array {
  // More than any file name takes, which comes first in a gzip file.
  return zlib.gunzipSync(bytes.subarray(0, 2 ** 13), { finishFlush: zlib.constants.Z_SYNC_FLUSH });
}

/** Decodes big-endian elements. */
function elements(dtype: IdxDType, bytes: Uint8Array): IdxArray['data'] {
  // A `Buffer` would work, but its `slice` doesn't copy like that of other typed arrays.
  if (dtype === 'uint8') return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  if (dtype === 'int8') return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const width = bytesPerElement(dtype);
  const data = allocate(dtype, bytes.length / width);
  const copy = new Uint8Array(data.buffer);
  copy.set(bytes);
  toOrFromBigEndian(copy, width);
  return data;
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Converts elements of `width` bytes in place between this machine's byte order and IDX's; the conversion is its own
 * inverse.
 */
function toOrFromBigEndian(bytes: Uint8Array, width: number): void {
  if (!isLittleEndian || width === 1) return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (width === 2) buffer.swap16();
  else if (width === 4) buffer.swap32();
  else buffer.swap64();
}
