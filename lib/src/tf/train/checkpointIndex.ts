/**
 * Reads the index of a checkpoint: the names, dtypes and shapes of its tensors. TensorFlow's runtime has no operation
 * for that.
 *
 * The index is a table in LevelDB's format. A footer at its end locates the index block, whose entries locate the data
 * blocks, whose entries are the tensors. An entry's key omits the prefix that it shares with the key before.
 *
 *     entry   varint shared, varint rest, varint size, key[rest], value[size]
 *     block   entries, uint32 restarts[n], uint32 n | byte compression | uint32 masked CRC-32C
 *     footer  varint offset and size of two blocks, zeros up to 40 bytes | uint64 0xdb4775248b80fb57
 *
 * @see "LevelDB table format" in LevelDB's documentation, and TensorFlow's core/util/tensor_bundle
 */

import * as fs from 'node:fs';
import { BundleEntryProto, SavedTensorSlices, type TensorShapeProto } from '../../protos';
import { maskedCrc32c } from '../../runtime/crc32c';
import { dtypeOf, elementBytes } from '../../runtime/dtypes';
import { messageOf } from '../../runtime/errorContext';
import { DataLossError, UnimplementedError } from '../../runtime/errors';
import { fileError } from '../../runtime/files';
import { sizeOf } from '../../runtime/hostArray';
import { shapeText } from '../../runtime/shapeText';

const FOOTER = 48;
const MAGIC = 0xdb4775248b80fb57n;
const BLOCK_TRAILER = 5;

/** A tensor's entry in a checkpoint. */
export interface CheckpointEntry {
  /** A `DataType` number. */
  readonly dtype: number;
  readonly shape?: TensorShapeProto;
}

/**
 * The entries of all tensors, by name, ordered by name. A checkpoint in TensorFlow's first format is a single such
 * table: its first entry describes the others, which contain the tensors' bytes.
 *
 * @throws {NotFoundError} when there is no such file
 * @throws {DataLossError} when it is damaged, or not an index
 */
export function readCheckpointIndex(prefix: string): Map<string, CheckpointEntry> {
  const index = `${prefix}.index`;
  const isFirstFormat = !fs.existsSync(index) && fs.existsSync(prefix);
  const file = isFirstFormat ? prefix : index;
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, 'r');
  } catch (error) {
    throw fileError(`could not read the checkpoint '${prefix}'`, error);
  }
  try {
    const entries = tableEntries(tableOf(descriptor));
    return isFirstFormat ? firstFormat(entries, fs.fstatSync(descriptor).size) : secondFormat(entries);
  } catch (error) {
    const message = `'${file}' can't be read as the index of a checkpoint: ${messageOf(error)}`;
    throw new (error instanceof UnimplementedError ? UnimplementedError : DataLossError)(message);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Reads a tensor's entry. TensorFlow's runtime allocates memory for whatever shape the entry claims, and aborts the
 * process for an impossible one, so the shape is compared with the number of bytes of the tensor.
 *
 * @param ofParts the total size of the parts of partitioned tensors
 */
function readEntry(name: string, value: Buffer, ofParts = 0): BundleEntryProto {
  const entry = BundleEntryProto.decode(value);
  const shape = (entry.shape?.dim ?? []).map(({ size }) => size);
  const dtype = dtypeOf(entry.dtype);
  const isInParts = entry.slices.length > 0; // the parts have entries of their own
  const bytes = isInParts ? ofParts : Number(entry.size);
  const each = elementBytes(dtype);
  const claimed = each === undefined ? undefined : sizeOf(shape) * each;
  const isHonest = claimed === undefined || (isInParts ? claimed <= bytes : claimed === bytes);
  if (!isHonest || shape.some((size) => size < 0))
    throw new DataLossError(`'${name}' claims to be ${dtype} ${shapeText(shape)}, and has ${bytes} bytes`);
  return entry;
}

function secondFormat(entries: Iterable<Entry>): Map<string, CheckpointEntry> {
  const all = [...entries].filter(({ key }) => key.length > 0); // the empty key belongs to the header
  // A key that starts with a zero byte belongs to a part of a tensor, which has an entry of its own.
  const isPart = ({ key }: Entry) => key[0] === 0;
  const ofParts = all.filter(isPart).reduce((sum, { value }) => sum + Number(readEntry('a part', value).size), 0);
  const tensors = all.filter((entry) => !isPart(entry));
  return new Map(tensors.map(({ key, value }) => [key.toString(), readEntry(key.toString(), value, ofParts)]));
}

/** An element takes at least one byte of the file. */
function firstFormat(entries: Iterable<Entry>, bytes: number): Map<string, CheckpointEntry> {
  for (const { key, value } of entries) {
    const { meta } = SavedTensorSlices.decode(value);
    if (key.length > 0 || meta === undefined) break;
    for (const { name, type, shape } of meta.tensor) {
      const sizes = (shape?.dim ?? []).map(({ size }) => size);
      if (sizes.some((size) => size < 0) || sizeOf(sizes) > bytes)
        throw new DataLossError(
          `'${name}' claims to be ${dtypeOf(type)} ${shapeText(sizes)}, in a file of ${bytes} bytes`,
        );
    }
    const tensors = [...meta.tensor].sort((a, b) => (a.name < b.name ? -1 : 1));
    return new Map(tensors.map(({ name, type, shape }) => [name, { dtype: type, shape }]));
  }
  throw new DataLossError("it doesn't begin with what it holds");
}

/** A table whose bytes are read on demand. */
interface Table {
  readonly size: number;
  read(offset: number, size: number): Buffer;
}

function tableOf(descriptor: number): Table {
  return {
    size: fs.fstatSync(descriptor).size,
    read(offset, size) {
      const bytes = Buffer.alloc(size);
      const count = fs.readSync(descriptor, bytes, 0, size, offset);
      if (count < size) throw new DataLossError(`it ends at ${offset + count}`);
      return bytes;
    },
  };
}

interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

function* tableEntries(table: Table): Generator<Entry> {
  if (table.size < FOOTER) throw new DataLossError(`it has ${table.size} bytes, and the footer alone has ${FOOTER}`);
  const footer = table.read(table.size - FOOTER, FOOTER);
  if (footer.readBigUInt64LE(FOOTER - 8) !== MAGIC)
    throw new DataLossError('it is damaged, cut off, or something else');
  const [, afterMeta] = readHandle(footer, 0);
  const [blocks] = readHandle(footer, afterMeta);
  for (const { value } of blockEntries(table, blocks)) yield* blockEntries(table, readHandle(value, 0)[0]);
}

/** The location of a block. */
interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** Reads a block handle at `at`; also returns where it ends. */
function readHandle(bytes: Buffer, at: number): [handle: Handle, end: number] {
  const [offset, middle] = readVarint(bytes, at);
  const [size, end] = readVarint(bytes, middle);
  return [{ offset, size }, end];
}

function* blockEntries(table: Table, { offset, size }: Handle): Generator<Entry> {
  const end = offset + size;
  if (!(size >= 4 && end + BLOCK_TRAILER <= table.size - FOOTER))
    throw new DataLossError(`a block ends at ${end}, beyond the file`);
  const bytes = table.read(offset, size + BLOCK_TRAILER);
  if (maskedCrc32c(bytes, 0, size + 1) !== bytes.readUInt32LE(size + 1))
    throw new DataLossError(`the checksum of the block at ${offset} doesn't fit`);
  if (bytes[size] !== 0) throw new UnimplementedError('it is compressed, which TensorFlow never does');

  const block = bytes.subarray(0, size);
  const entriesEnd = size - 4 - 4 * block.readUInt32LE(size - 4);
  let key = Buffer.alloc(0);
  for (let at = 0; at < entriesEnd; ) {
    const [shared, afterShared] = readVarint(block, at);
    const [rest, afterRest] = readVarint(block, afterShared);
    const [length, start] = readVarint(block, afterRest);
    if (shared > key.length || start + rest + length > entriesEnd)
      throw new DataLossError(`the entry at byte ${at} of the block at ${offset} reaches beyond it`);
    key = Buffer.concat([key.subarray(0, shared), block.subarray(start, start + rest)]);
    at = start + rest + length;
    yield { key, value: block.subarray(start + rest, at) };
  }
}

/** Seven bits per byte, least significant first. */
function readVarint(bytes: Buffer, start: number): [value: number, end: number] {
  let value = 0;
  for (let at = start, scale = 1; at < bytes.length; scale *= 0x80) {
    const byte = bytes[at++]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return [value, at];
  }
  throw new DataLossError(`an integer is cut off at byte ${start}`);
}
