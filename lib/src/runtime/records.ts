/**
 * TensorFlow's record format (TFRecord), in which event files are written. A record is
 *
 *     uint64  length of the data        little-endian, as all of these
 *     uint32  masked CRC-32C of the eight bytes before
 *     byte    data[length]
 *     uint32  masked CRC-32C of the data
 *
 * Source: the TFRecord format in TensorFlow's guide "TFRecord and tf.train.Example".
 */
import { maskedCrc32c } from './crc32c';

const HEADER = 12;
const FOOTER = 4;

/** A growing buffer to which records are added in place, so that what makes a record's data need not make a copy of it. */
export class RecordBuffer {
  /** Holds `length` bytes of whole records, and room for more. */
  bytes: Uint8Array;
  view: DataView;
  length = 0;
  /** How many records there are. */
  count = 0;
  #dataEnd = 0;

  constructor(capacity = 1 << 16) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /**
   * Makes room for a record with `size` bytes of data and says at which index of `bytes` the data goes. When it is there,
   * `end` adds the record.
   */
  begin(size: number): number {
    const data = this.length + HEADER;
    this.#dataEnd = data + size;
    if (this.#dataEnd + FOOTER > this.bytes.length) this.#grow(this.#dataEnd + FOOTER);
    const { bytes, view } = this;
    view.setUint32(this.length, size % 2 ** 32, true);
    view.setUint32(this.length + 4, Math.floor(size / 2 ** 32), true);
    view.setUint32(this.length + 8, maskedCrc32c(bytes, this.length, this.length + 8), true);
    return data;
  }

  /** Adds the record that was begun. */
  end(): void {
    this.view.setUint32(this.#dataEnd, maskedCrc32c(this.bytes, this.length + HEADER, this.#dataEnd), true);
    this.length = this.#dataEnd + FOOTER;
    this.count++;
  }

  /** Adds a record with a copy of `data`. */
  add(data: Uint8Array): void {
    const at = this.begin(data.length); // may put another array in the place of `bytes`
    this.bytes.set(data, at);
    this.end();
  }

  /** Forgets all records. */
  clear(): void {
    this.length = 0;
    this.count = 0;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** A record that was read; `data` is a view of the bytes given to the decoder. */
export interface RecordData {
  /** Where the record begins, in bytes from the start of the file. */
  offset: number;
  data: Uint8Array;
}

/** What is wrong with a file, and where. */
export interface RecordDamage {
  /** Where the record that is not whole and sound begins, in bytes from the start of the file. */
  offset: number;
  /** The file ends inside the record (it may still be being written), or the record's checksums or contents are wrong. */
  kind: 'truncated' | 'corrupt';
  /** What is wrong, for people. */
  message: string;
}

/** A message can't be larger, by protocol buffers' own rule. */
const MOST_BYTES = 2 ** 31;

/**
 * Finds the records in a file that is given to it in pieces of any size. A record whose data are damaged is passed over; where the
 * length of one is, nobody knows where the next begins, and there are no more.
 *
 * @example
 * const decoder = new RecordDecoder();
 * for (const { data } of decoder.push(new Uint8Array())) console.log(data.length);
 * decoder.end(); // what was wrong: nothing, if the file ends where a record ends
 */
export class RecordDecoder {
  /** Where the next record begins. */
  #offset = 0;
  /** The pieces of the next record that are there, their length, and the length that they must reach to be looked at. */
  #pieces: Uint8Array[] = [];
  #length = 0;
  #needed = HEADER;
  /** What is wrong with the file, as far as it was read, in its order. */
  readonly damage: RecordDamage[] = [];
  /** Whether a record's length is damaged. */
  #lost = false;

  /** How many bytes are missing, at least, before there can be another record; none ever come where that is no finite number. */
  get missing(): number {
    return this.#lost ? Number.POSITIVE_INFINITY : this.#needed - this.#length;
  }

  /** The sound records that end in this piece of the file. */
  push(piece: Uint8Array): RecordData[] {
    const records: RecordData[] = [];
    if (this.#lost) return records;
    this.#pieces.push(piece);
    this.#length += piece.length;
    // A record of many pieces is put together once, when its last piece is there.
    if (this.#length < this.#needed) return records;
    const bytes = this.#pieces.length === 1 ? piece : join(this.#pieces, this.#length);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

    let start = 0;
    for (;;) {
      this.#needed = HEADER;
      if (start + HEADER > bytes.length) break;
      const size = view.getUint32(start + 4, true) * 2 ** 32 + view.getUint32(start, true);
      const isSound = view.getUint32(start + 8, true) === maskedCrc32c(bytes, start, start + 8);
      if (!isSound || size >= MOST_BYTES) {
        this.#corrupt(start, isSound ? `it claims to have ${size} bytes` : 'the checksum of its length is wrong');
        this.#lost = true;
        this.#pieces = [];
        return records;
      }
      const dataEnd = start + HEADER + size;
      this.#needed = HEADER + size + FOOTER;
      if (dataEnd + FOOTER > bytes.length) break;
      if (view.getUint32(dataEnd, true) === maskedCrc32c(bytes, start + HEADER, dataEnd))
        records.push({ offset: this.#offset + start, data: bytes.subarray(start + HEADER, dataEnd) });
      else this.#corrupt(start, `the checksum of its ${size} bytes of data is wrong`);
      start = dataEnd + FOOTER;
    }
    this.#pieces = [bytes.subarray(start)];
    this.#length = bytes.length - start;
    this.#offset += start;
    return records;
  }

  /**
   * Says that the file is at its end; gives what is wrong with it, in the order of the file.
   *
   * @param unread how many more bytes the file has, which were not pushed since they were {@link missing} anyway
   */
  end(unread = 0): readonly RecordDamage[] {
    this.#length += unread;
    if (!this.#lost && this.#length > 0) {
      const all = this.#needed === HEADER ? `the ${HEADER} bytes of its header` : `its ${this.#needed} bytes`;
      const message = `the record is cut off after ${this.#length} of ${all}`;
      this.damage.push({ offset: this.#offset, kind: 'truncated', message });
    }
    return this.damage;
  }

  #corrupt(start: number, what: string): void {
    this.damage.push({ offset: this.#offset + start, kind: 'corrupt', message: `the record is corrupt: ${what}` });
  }
}

function join(pieces: Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
