/**
 * TensorFlow's record format (TFRecord), which event files use. A record consists of
 *
 *     uint64  length of the data        little-endian, like all numbers here
 *     uint32  masked CRC-32C of the eight bytes before
 *     byte    data[length]
 *     uint32  masked CRC-32C of the data
 *
 * Source: the TFRecord format in TensorFlow's guide "TFRecord and tf.train.Example".
 */
import { maskedCrc32c } from './crc32c';

const HEADER = 12;
const FOOTER = 4;

/** A growing buffer in which records are built in place, without copying their data. */
export class RecordBuffer {
  /** `length` bytes of complete records, and room for more. */
  bytes: Uint8Array;
  view: DataView;
  length = 0;
  /** The number of records. */
  count = 0;
  #dataEnd = 0;

  constructor(capacity = 1 << 16) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /**
   * Makes room for a record with `size` bytes of data, and returns the index in `bytes` at which to write the data.
   * `end` then adds the record.
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
    const at = this.begin(data.length); // may replace `bytes`
    this.bytes.set(data, at);
    this.end();
  }

  /** Removes all records. */
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
  /** The offset of the record in the file. */
  offset: number;
  data: Uint8Array;
}

/** Damage in a file. */
export interface RecordDamage {
  /** The offset in the file of the incomplete or damaged record. */
  offset: number;
  /**
   * The file ends inside the record (it may still be being written), or the record's checksums or content are wrong.
   */
  kind: 'truncated' | 'corrupt';
  /** A description. */
  message: string;
}

/** The maximum size of a message in protocol buffers. */
const MOST_BYTES = 2 ** 31;

/**
 * Finds the records in a file that is provided in pieces of any size. A record with damaged data is skipped; after a
 * record with a damaged length, no more can be found.
 *
 * @example
 * const decoder = new RecordDecoder();
 * for (const { data } of decoder.push(new Uint8Array())) console.log(data.length);
 * decoder.end(); // what was wrong: nothing, if the file ends where a record ends
 */
export class RecordDecoder {
  /** The offset of the next record. */
  #offset = 0;
  /** The pieces of the next record received so far, their length, and the length they need before they are examined. */
  #pieces: Uint8Array[] = [];
  #length = 0;
  #needed = HEADER;
  /** The damage found so far, in the order of the file. */
  readonly damage: RecordDamage[] = [];
  /** Whether a record's length is damaged. */
  #lost = false;

  /** The minimum number of bytes missing for the next record; infinite if there can't be any more. */
  get missing(): number {
    return this.#lost ? Number.POSITIVE_INFINITY : this.#needed - this.#length;
  }

  /** The intact records that end in this piece of the file. */
  push(piece: Uint8Array): RecordData[] {
    const records: RecordData[] = [];
    if (this.#lost) return records;
    this.#pieces.push(piece);
    this.#length += piece.length;
    // A record in many pieces is assembled once, when its last piece has arrived.
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
   * Marks the end of the file; returns the damage in the order of the file.
   *
   * @param unread the number of remaining bytes in the file, which weren't pushed because they can't complete a record
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
